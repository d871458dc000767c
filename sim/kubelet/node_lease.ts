/**
 * The lease by which a kubelet shows that it lives.
 *
 * @module
 */

import { isNotFound, type Kube } from "../../kube/kube.ts";
import { leases } from "../../kube/resource.ts";
import type { Lease, Node } from "../../schemas/kubernetes.ts";
import { leaseTimings } from "./timings.ts";

const namespace = "kube-node-lease";

/**
 * Renews the lease of a node, or makes it.
 *
 * @param known The lease as last written; absent: it is read first.
 * @param now Epoch milliseconds.
 * @returns The lease as written.
 */
export async function renewLease(
  kube: Kube,
  node: Node,
  known: Lease | undefined,
  now: number,
  signal: AbortSignal,
): Promise<Lease> {
  const { name } = node.metadata;
  const current = known ?? await findLease(kube, name, signal);
  const lease: Lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: current?.metadata ?? { name, namespace, ownerReferences: [ownerOf(node)] },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: leaseTimings.durationSeconds,
      renewTime: formatMicroTime(now),
    },
  };
  return current === undefined
    ? await kube.create(leases, lease, { signal })
    : await kube.replace(leases, lease, { signal });
}

async function findLease(
  kube: Kube,
  name: string,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  try {
    return await kube.get(leases, { name, namespace }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function ownerOf({ metadata }: Node) {
  return { apiVersion: "v1", kind: "Node", name: metadata.name, uid: metadata.uid ?? "" };
}

/** RFC 3339 with microseconds, as Leases want it. */
function formatMicroTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
