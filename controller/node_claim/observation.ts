/**
 * What the cloud says about a launched machine: state, addresses, price, and whether it is there.
 *
 * Pure: takes a claim and its account's lists, returns the next status.
 *
 * @module
 */

import type { Instance, ProviderInfo } from "../../providers/contract.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { Node } from "../../schemas/kubernetes.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import { decidePresence, type InstanceList } from "../accounts/presence.ts";
import { isNodeReady } from "../termination/node_ready.ts";
import { followPrice, startBilling } from "./billing.ts";
import { stepTime, withStep } from "./claim_state.ts";

/** What an observation takes into account. */
export interface ObservationInput {
  readonly claim: GPUNodeClaim;
  readonly lists: readonly InstanceList[];
  readonly info: ProviderInfo;
  readonly node: Node | undefined;
  readonly now: number;
}

/** The machine as last seen, and the status that follows. */
export interface Observation {
  readonly instance: Instance | undefined;
  readonly status: NodeClaimStatus;
}

/** Brings a launched claim's status up to date with its account's lists. */
export function observeInstance(input: ObservationInput): Observation {
  const { claim, lists, info, now } = input;
  const status = claim.status ?? {};
  const launchedAt = stepTime(claim, "Accepted") ?? now;
  const presence = decidePresence({
    lists,
    instanceId: status.instanceID,
    machineName: claim.metadata.name,
    notBefore: launchedAt,
    seen: status.instanceState !== undefined,
    settledAt: launchedAt + info.settle,
  });
  if (presence.kind === "undecided") return { instance: undefined, status };
  if (presence.kind === "gone") return { instance: undefined, status: vanished(input, status) };
  const { instance } = presence;
  const bills = instance.state !== "booting" || info.billingStarts === "accepted";
  const prices = bills
    ? followPrice(startBilling(claim, lists, info), instance.pricePerHour, now)
    : status.prices;
  return {
    instance,
    status: failed(input, instance, {
      ...status,
      instanceState: instance.rawState,
      addresses: [...instance.addresses],
      ...(prices ? { prices } : {}),
      ...(instance.state === "running" ? { steps: withStep(status.steps, "Running", now) } : {}),
    }),
  };
}

/** A Ready node outranks the vendor's list: a live kubelet is better evidence. */
function vanished({ node }: ObservationInput, status: NodeClaimStatus): NodeClaimStatus {
  if (node && isNodeReady(node)) return status;
  return {
    ...status,
    end: {
      reason: reasons.instanceVanished,
      message: "The cloud no longer has the machine, although nobody here ended it",
    },
  };
}

/** States that a machine does not come back from, or that only cost money. */
function failed(
  { claim, node }: ObservationInput,
  instance: Instance,
  status: NodeClaimStatus,
): NodeClaimStatus {
  const works = node !== undefined && isNodeReady(node);
  const ended = instance.state === "terminating" || instance.state === "stopped" ||
    (instance.state === "unhealthy" && !works);
  if (!ended || claim.status?.end) return status;
  return {
    ...status,
    end: {
      reason: reasons.instanceFailed,
      message: `The cloud says that the machine is ${instance.rawState}`,
    },
  };
}
