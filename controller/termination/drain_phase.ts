/**
 * The way out's first phase: the node of a claim that is being deleted is emptied.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Clock } from "../../runtime/clock.ts";
import { parseTime, reasons } from "../../schemas/conditions.ts";
import { minutes } from "../../schemas/duration.ts";
import type { Node } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Presence } from "../accounts/presence.ts";
import type { Reader } from "../reader.ts";
import { drainPass, taintLeaving } from "./drain.ts";
import * as occurrences from "./events.ts";
import { isNodeReady } from "./node_ready.ts";

/** Grace for draining when neither claim nor pool says otherwise. */
const defaultGraceMs = minutes(60);

/** Collaborators. */
export interface DrainPhaseDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly nodes: Reader<Node>;
}

/** How far it got; `done` for good, with one of the reasons of condition `Drained`. */
export type DrainState =
  | { readonly kind: "waiting"; readonly pods: number }
  | { readonly kind: "done"; readonly reason: string; readonly message: string };

/** One pass over the claim's node. */
export async function drainClaim(
  deps: DrainPhaseDeps,
  claim: GPUNodeClaim,
  machine: Presence,
  signal: AbortSignal,
): Promise<DrainState> {
  const { clock, kube, nodes, recorder } = deps;
  const node = nodes.get(claim.status?.nodeName ?? claim.metadata.name);
  if (!node || isDead(node, machine)) {
    return { kind: "done", reason: reasons.nothingToDrain, message: "No pods to drain" };
  }
  await taintLeaving(kube, node, signal);
  const deadlineMs = parseTime(claim.metadata.deletionTimestamp ?? "") +
    (claim.spec.terminationGracePeriod ?? defaultGraceMs);
  const progress = await drainPass(kube, node.metadata.name, deadlineMs, clock.now(), signal);
  for (const pod of progress.blocked) recorder.record(occurrences.drainBlocked(claim, pod));
  return progress.remaining > 0
    ? { kind: "waiting", pods: progress.remaining }
    : { kind: "done", reason: reasons.drained, message: "All pods have left" };
}

/**
 * Whether nobody is there to let pods go: the machine is gone or shut down, and the node does not say
 * otherwise. A Ready node outranks the vendor's list.
 */
function isDead(node: Node, machine: Presence): boolean {
  if (isNodeReady(node)) return false;
  return machine.kind === "gone" ||
    (machine.kind === "present" && machine.instance.state === "stopped");
}
