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
import { updatePrices } from "./billing.ts";
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
    ? updatePrices(claim, lists, info, { pricePerHour: instance.pricePerHour, now })
    : status.prices;
  return {
    instance,
    status: judged(input, instance, {
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

/** The first end stands; a machine that works is not judged by what it was before. */
function judged(
  input: ObservationInput,
  instance: Instance,
  status: NodeClaimStatus,
): NodeClaimStatus {
  const end = input.claim.status?.end ? undefined : judgeState(input, instance);
  return end ? { ...status, end } : status;
}

/**
 * What a machine does not come back from, or what only costs money.
 *
 * A machine that has never run may be stopped for a moment on its way up, so only the vendor's word that
 * it will never run, or the launch's time limit, ends it; one that had run and was shut down costs on
 * and serves nobody.
 */
function judgeState(
  { claim, node }: ObservationInput,
  { state, rawState, bootFailure }: Instance,
): NodeClaimStatus["end"] {
  const works = node !== undefined && isNodeReady(node);
  const hasRun = node !== undefined || stepTime(claim, "Running") !== undefined;
  if (bootFailure && !hasRun) {
    return bootFailure.kind === "availability"
      ? {
        reason: reasons.outOfCapacity,
        message: `The cloud took the order and has no machine for it: ${bootFailure.message}`,
      }
      : {
        reason: reasons.bootFailed,
        message: `The cloud could not start the machine: ${bootFailure.message}`,
      };
  }
  if (state === "stopped") {
    return hasRun
      ? {
        reason: reasons.instanceStopped,
        message: `The cloud says that the machine is ${rawState}: it was shut down and costs on`,
      }
      : undefined;
  }
  if (state === "terminating" || (state === "unhealthy" && !works)) {
    return {
      reason: reasons.instanceFailed,
      message: `The cloud says that the machine is ${rawState}`,
    };
  }
  return undefined;
}
