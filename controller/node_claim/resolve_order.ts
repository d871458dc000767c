/**
 * Finds out what became of an order whose outcome nobody saw: the process died, the write failed, or
 * the vendor's answer never came.
 *
 * **Guarantees**: never orders again. Found by name in the account's complete lists, the machine is
 * adopted; missing from them after everything had time to settle, the claim ends as `Abandoned` and a
 * fresh claim with a fresh name serves the pods.
 *
 * @module
 */

import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { conditionTypes, parseTime, reasons } from "../../schemas/conditions.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { decidePresence } from "../accounts/presence.ts";
import { withStep } from "./claim_state.ts";
import { endClaim, patchClaim, withCondition } from "./claim_status.ts";
import type { NodeClaimDeps } from "./deps.ts";
import * as occurrences from "./events.ts";

/** Pause between looks; each asks the account for a new list. */
const pollMs = 5_000;

/** One pass over a claim whose order is `Pending` or `Unknown`. */
export async function resolveOrder(
  deps: NodeClaimDeps,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const launch = claim.status?.launch;
  if (!launch) return { kind: "awaitChange" };
  const account = deps.accounts.get(claim.spec.nodeClassRef.name, launch.offer.account);
  if (!account) {
    deps.recorder.record(occurrences.accountMissing(claim, launch.offer.account));
    return { kind: "requeueAfter", delayMs: pollMs, reason: "the account has no client" };
  }
  const info = account.provider.info();
  const presence = decidePresence({
    lists: account.lists,
    instanceId: undefined,
    machineName: launch.machineName,
    notBefore: parseTime(launch.intentTime),
    seen: false,
    settledAt: parseTime(launch.sendBefore) + info.callTimeout + info.settle,
  });
  if (presence.kind === "gone") {
    deps.recorder.record(occurrences.abandoned(claim));
    return await endClaim(deps, claim, {
      reason: reasons.abandoned,
      message: "The order's outcome is unknown and no machine of that name appeared",
    }, signal);
  }
  if (presence.kind === "present") {
    const { instance } = presence;
    deps.recorder.record(occurrences.adopted(claim, instance.id));
    await patchClaim(deps, claim, {
      launch: { ...launch, outcome: "Launched" },
      instanceID: instance.id,
      providerID: instance.providerID,
      instanceState: instance.rawState,
      // When exactly the order was accepted is not known: the intent bounds it from below.
      steps: withStep(
        withStep(claim.status?.steps, "Ordered", parseTime(launch.intentTime)),
        "Accepted",
        parseTime(launch.intentTime),
      ),
      conditions: withCondition(deps, claim, {
        type: conditionTypes.launched,
        status: "True",
        reason: reasons.adopted,
        message: `Machine ${instance.id} was found under the claim's name`,
      }),
    }, signal);
    return { kind: "awaitChange" };
  }
  if (launch.outcome === "Pending") {
    await patchClaim(deps, claim, {
      launch: {
        ...launch,
        outcome: "Unknown",
        message: "The outcome of the order was not recorded",
      },
      conditions: withCondition(deps, claim, {
        type: conditionTypes.launched,
        status: "Unknown",
        reason: reasons.launchUnknown,
        message: "The outcome of the order was not recorded; looking for the machine by name",
      }),
    }, signal);
    return { kind: "awaitChange" };
  }
  deps.accounts.poke(account);
  return { kind: "requeueAfter", delayMs: pollMs, reason: "the order's fate is unknown" };
}
