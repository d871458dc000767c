/**
 * Whether an accepted Node can be used: ready, free of start-up taints, and with its GPUs. Pure.
 *
 * @module
 */

import { reasons } from "../../schemas/conditions.ts";
import type { Node, Taint } from "../../schemas/kubernetes.ts";
import { taints } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { parseQuantity, type Resources } from "../../schemas/quantity.ts";

/** What is known about an accepted Node. */
export interface InitializationInput {
  readonly claim: GPUNodeClaim;
  readonly node: Node;
  /** What the offer promised; only device resources such as `nvidia.com/gpu` are compared. */
  readonly expected: Resources;
}

/** `waiting`: time may help. `failed`: it will not, replace the machine. */
export type InitializationDecision =
  | { readonly kind: "initialized" }
  | { readonly kind: "waiting"; readonly reason: string; readonly message: string }
  | { readonly kind: "failed"; readonly reason: string; readonly message: string };

/** Taints that Kubernetes takes away by itself when a node gets usable. */
const transientTaints: ReadonlySet<string> = new Set([
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
  "node.cloudprovider.kubernetes.io/uninitialized",
  taints.unregistered,
]);

/** Taints of the node readiness controller, one per awaited condition. */
const readinessPrefix = "readiness.k8s.io/";

/** Judges an accepted Node. A fault of the hardware is reported as soon as it shows. */
export function decideInitialized(input: InitializationInput): InitializationDecision {
  const { claim, node, expected } = input;
  return findDeviceFault(node, expected) ?? findUnready(node) ??
    findTaint(node, claim.spec.startupTaints ?? []) ?? findMissingDevice(node, expected) ??
    { kind: "initialized" };
}

/** Fewer devices than promised, but some: the others are broken. None at all may only be early. */
function findDeviceFault(node: Node, expected: Resources): InitializationDecision | undefined {
  for (const [name, wanted] of deviceResources(expected)) {
    const found = allocatable(node, name);
    if (found === 0 || found >= wanted) continue;
    return {
      kind: "failed",
      reason: reasons.gpuCountMismatch,
      message: `Node has ${found / 1000} of ${wanted / 1000} ${name}: the machine is faulty`,
    };
  }
  return undefined;
}

function findUnready(node: Node): InitializationDecision | undefined {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return undefined;
  const said = ready?.message?.slice(0, 512) ?? "the kubelet has not reported yet";
  return said.includes("NetworkPluginNotReady")
    ? waiting(reasons.networkNotReady, `The cluster's network is not up on the node: ${said}`)
    : waiting(reasons.awaitingReady, `Node is not ready: ${said}`);
}

function findTaint(node: Node, startup: readonly Taint[]): InitializationDecision | undefined {
  for (const taint of node.spec?.taints ?? []) {
    if (startup.some(({ key, effect }) => key === taint.key && effect === taint.effect)) {
      return waiting(
        reasons.startupTaintsPresent,
        `Startup taint ${taint.key}:${taint.effect} has not been removed yet`,
      );
    }
    if (transientTaints.has(taint.key) || taint.key.startsWith(readinessPrefix)) {
      return waiting(reasons.awaitingReady, `Node still has the taint ${taint.key}`);
    }
  }
  return undefined;
}

function findMissingDevice(node: Node, expected: Resources): InitializationDecision | undefined {
  for (const [name, wanted] of deviceResources(expected)) {
    if (allocatable(node, name) >= wanted) continue;
    return waiting(
      reasons.resourceNotRegistered,
      `Node is ready but offers no ${name} yet: it appears when the DaemonSet of its device plugin ` +
        "runs on the node (does it tolerate the pool's taints?)",
    );
  }
  return undefined;
}

/** Resources of device plugins carry a domain that is not Kubernetes' own. */
function deviceResources(expected: Resources): [string, number][] {
  return Object.entries(expected).filter(([name, amount]) =>
    name.includes("/") && !name.startsWith("kubernetes.io/") && amount > 0
  );
}

/** Thousandths; a value that is no quantity counts as none, the kubelet's word is not trusted. */
function allocatable(node: Node, name: string): number {
  const text = node.status?.allocatable?.[name];
  try {
    return text === undefined ? 0 : parseQuantity(text);
  } catch {
    return 0;
  }
}

function waiting(reason: string, message: string): InitializationDecision {
  return { kind: "waiting", reason, message };
}
