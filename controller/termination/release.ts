/**
 * The way out's last phase: the books are closed, and the claim is let go.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import { removeFinalizer } from "../../kube/finalizers.ts";
import { isNotFound, type Kube } from "../../kube/kube.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import { nodes as nodeType } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { terminationFinalizer } from "../../schemas/labels.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Account } from "../accounts/account.ts";
import type { Ledger } from "../ledger.ts";
import * as occurrences from "./events.ts";
import { toLedgerLine } from "./ledger_line.ts";

/** Collaborators. */
export interface ReleaseDeps {
  readonly kube: Kube;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  /** Makes the claim's bootstrap token useless. Safe to repeat. */
  revokeToken(claim: GPUNodeClaim, signal: AbortSignal): Promise<void>;
}

/** The machine is gone: books first, then the node, then the claim. */
export async function settleClaim(
  deps: ReleaseDeps,
  claim: GPUNodeClaim,
  account: Account,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  const line = toLedgerLine(claim, account.provider.info());
  await deps.ledger.write(line, signal);
  await deleteNode(deps.kube, claim.status?.nodeName ?? claim.metadata.name, signal);
  const { provider, reason } = line;
  deps.metrics.count("tgp_claims_ended_total", { provider, reason });
  deps.recorder.record(occurrences.terminated(claim, line));
  return await releaseClaim(deps, claim, signal);
}

/** Nothing is rented for the claim any more. */
export async function releaseClaim(
  deps: Pick<ReleaseDeps, "kube" | "revokeToken">,
  claim: GPUNodeClaim,
  signal: AbortSignal,
): Promise<ReconcileOutcome> {
  await deps.revokeToken(claim, signal);
  const finalizers = (claim.metadata.finalizers ?? []).filter((name) =>
    name !== terminationFinalizer
  );
  const { name, resourceVersion } = claim.metadata;
  try {
    await deps.kube.patch(nodeClaims, { name }, {
      metadata: { resourceVersion, finalizers },
    }, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return { kind: "awaitChange" };
}

/** Read from the API server: a Node that the cache does not show yet would keep its finalizer for ever. */
async function deleteNode(kube: Kube, name: string, signal: AbortSignal): Promise<void> {
  try {
    const { metadata: { uid } } = await kube.get(nodeType, { name }, { signal });
    await kube.delete(nodeType, { name }, { preconditions: { uid }, signal });
    const left = await kube.get(nodeType, { name }, { signal });
    await removeFinalizer(kube, nodeType, left, terminationFinalizer);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
