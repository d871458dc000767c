/**
 * The status of a GPUNodeClass. Pure.
 *
 * @module
 */

import {
  type Condition,
  conditionTypes,
  formatTime,
  reasons,
  setCondition,
} from "../../schemas/conditions.ts";
import type { GPUNodeClass, NodeClassStatus, ProviderStatus } from "../../schemas/node_class.ts";
import { cutText } from "../cut_text.ts";
import { type Fact, judgeAccounts, listMessages } from "./class_conditions.ts";
import { type ClassUsers, describeHolders } from "./class_users.ts";
import type { EntryFinding } from "./entry_finding.ts";
import { toProviderStatus } from "./provider_status.ts";

/** What the status is worked out from. */
export interface ClassStatusInput {
  readonly nodeClass: GPUNodeClass;
  /** One of each entry. */
  readonly findings: readonly EntryFinding[];
  readonly users: ClassUsers;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Works out the whole status from what was found about each entry. */
export function computeClassStatus(input: ClassStatusInput): NodeClassStatus {
  const { nodeClass, findings, now } = input;
  const known = nodeClass.status?.providers ?? [];
  const providers = findings.map((finding) =>
    toProviderStatus(finding, known.find(({ name }) => name === finding.name), now)
  );
  const { generation } = nodeClass.metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const facts = new Map([
    ...judgeAccounts(findings, now),
    [conditionTypes.ready, judgeReady(input, providers)],
  ]);
  let conditions: readonly Condition[] = nodeClass.status?.conditions ?? [];
  for (const [type, fact] of facts) {
    const message = cutText(fact.message, 32_768);
    conditions = setCondition(conditions, { type, ...fact, message, ...observed }, now);
  }
  return {
    ...observed,
    conditions: [...conditions],
    providers,
    lastCheckedTime: formatTime(now),
  };
}

function judgeReady(
  { nodeClass: { metadata, spec }, users }: ClassStatusInput,
  providers: readonly ProviderStatus[],
): Fact {
  if (metadata.deletionTimestamp) {
    return { status: "False", reason: reasons.deletionHeld, message: describeHolders(users) };
  }
  if (!spec.bootstrap?.kubeadm) {
    return {
      status: "False",
      reason: reasons.bootstrapMissing,
      message: "spec.bootstrap.kubeadm is missing: rented machines would not know how to join",
    };
  }
  const usable = providers.filter(({ available }) => available);
  if (usable.length > 0) {
    const names = usable.map(({ name }) => name).join(", ");
    return {
      status: "True",
      reason: reasons.ready,
      message: `Machines can be bought from ${names}`,
    };
  }
  const worst = providers.find(({ reason }) => reason !== reasons.pending);
  return {
    status: worst ? "False" : "Unknown",
    reason: worst?.reason ?? reasons.pending,
    message: listMessages(providers),
  };
}
