/**
 * What a pod asks for, as the scheduler counts it.
 *
 * @module
 */

import type { Container, Pod, ResourceList } from "../schemas/kubernetes.ts";
import {
  addResources,
  parseResources,
  type Quantity,
  type Resources,
} from "../schemas/quantity.ts";

/** Pod-level requests replace the sum over containers for these, and for huge pages. */
const podLevelResources = /^(cpu|memory|hugepages-.+)$/;

/**
 * The resources that a pod takes from its node, `pods: 1` included; amounts of zero are left out.
 *
 * Containers run together, init containers one after the other, sidecars (init containers that
 * restart always) from their start until the end:
 *
 * ```text
 *  init-1  max(──────)
 *  sidecar     ├──────────────────────────►  counts beside everything after it
 *  init-2      max(──────)
 *  containers             ├─── sum ───────►
 * ```
 *
 * @throws {RangeError} Naming the resource whose quantity cannot be read.
 */
export function podRequests(pod: Pod): Resources {
  let running: Resources = {};
  for (const container of pod.spec.containers) {
    running = addResources(running, containerRequests(container));
  }
  let sidecars: Resources = {};
  let starting: Resources = {};
  for (const container of pod.spec.initContainers ?? []) {
    const requests = containerRequests(container);
    if (container.restartPolicy === "Always") {
      sidecars = addResources(sidecars, requests);
      starting = largerOf(starting, sidecars);
    } else {
      starting = largerOf(starting, addResources(sidecars, requests));
    }
  }
  let total = largerOf(addResources(running, sidecars), starting);
  if (pod.spec.resources) {
    const podLevel = Object.entries(parseResources(pod.spec.resources.requests))
      .filter(([name]) => podLevelResources.test(name));
    total = { ...total, ...Object.fromEntries(podLevel) };
  }
  total = addResources(total, parseResources(pod.spec.overhead));
  const requested = Object.entries(total).filter(([, quantity]) => quantity > 0);
  return { ...Object.fromEntries(requested), pods: 1000 as Quantity };
}

/** A limit without a request is a request: the API server's defaulting, extended resources included. */
function containerRequests({ resources }: Pick<Container, "resources">): Resources {
  if (!resources) return {};
  const effective: ResourceList = { ...resources.limits, ...resources.requests };
  return parseResources(effective);
}

function largerOf(left: Resources, right: Resources): Resources {
  const larger: Record<string, Quantity> = { ...left };
  for (const [name, quantity] of Object.entries(right)) {
    if (quantity > (larger[name] ?? 0)) larger[name] = quantity;
  }
  return larger;
}
