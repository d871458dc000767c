/**
 * What a user would ask about a claim's life, as Kubernetes Events.
 *
 * @module
 */

import { type EventNote, toObjectReference } from "../../kube/events.ts";
import type { Offer } from "../../providers/contract.ts";
import { displayUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { PriceDifference } from "./billing.ts";
import { describeOffer } from "./chosen_offer.ts";

function normal(claim: GPUNodeClaim, reason: string, message: string): EventNote {
  return { object: toObjectReference(claim), type: "Normal", reason, message };
}

function warning(claim: GPUNodeClaim, reason: string, message: string): EventNote {
  return { object: toObjectReference(claim), type: "Warning", reason, message };
}

/** The vendor rents us a machine. */
export function launched(claim: GPUNodeClaim, offer: Offer, instanceId: string): EventNote {
  return normal(
    claim,
    "Launched",
    `Bought ${describeOffer(offer)} for ${
      displayUsd(offer.price.perHour)
    }/h: machine ${instanceId}`,
  );
}

/** Nobody knows what became of the order. */
export function launchUnknown(claim: GPUNodeClaim, offer: Offer, message: string): EventNote {
  return warning(
    claim,
    "LaunchUnknown",
    `The order of ${
      describeOffer(offer)
    } may or may not have happened: ${message}; looking for it by name`,
  );
}

/** The machine of an order whose outcome was unknown has turned up. */
export function adopted(claim: GPUNodeClaim, instanceId: string): EventNote {
  return normal(claim, "Adopted", `Machine ${instanceId} was found under this name`);
}

/** An order whose outcome was unknown did not happen. */
export function abandoned(claim: GPUNodeClaim): EventNote {
  return warning(
    claim,
    "Abandoned",
    "No machine of this name appeared; a fresh claim serves the pods",
  );
}

/** One offer was refused for certain. */
export function offerRefused(claim: GPUNodeClaim, offer: Offer, message: string): EventNote {
  return warning(
    claim,
    "OfferRefused",
    `${describeOffer(offer)} was refused; trying the next offer: ${message}`,
  );
}

/** The vendor refuses the whole account. */
export function accountBlocked(claim: GPUNodeClaim, account: string, message: string): EventNote {
  return warning(claim, "AccountBlocked", `Account ${account} cannot buy now: ${message}`);
}

/** There is no client for the account that pays. */
export function accountMissing(claim: GPUNodeClaim, account: string): EventNote {
  return warning(
    claim,
    "AccountUnavailable",
    `Account "${account}" of class "${claim.spec.nodeClassRef.name}" has no usable key; restore its Secret`,
  );
}

/** The class does not say how the machine is to join. */
export function bootstrapUnusable(
  claim: GPUNodeClaim,
  reason: string,
  message: string,
): EventNote {
  return warning(claim, reason, message);
}

/** The vendor asks another price than the machine was bought at. */
export function priceDiffers(
  claim: GPUNodeClaim,
  { launched, asked }: PriceDifference,
): EventNote {
  return warning(
    claim,
    "PriceDiffers",
    `Bought at ${displayUsd(launched)}/h, and the cloud asks ${displayUsd(asked)}/h: ` +
      "limits and bill count what it asks",
  );
}

/** The node joined and was accepted. */
export function registered(claim: GPUNodeClaim): EventNote {
  return normal(claim, "Registered", `Node ${claim.metadata.name} has joined`);
}

/** A node of that name is not accepted. */
export function registrationRefused(
  claim: GPUNodeClaim,
  reason: string,
  message: string,
): EventNote {
  return warning(claim, reason, message);
}

/** The node's GPUs can be used. */
export function initialized(claim: GPUNodeClaim): EventNote {
  return normal(
    claim,
    "Initialized",
    `Node ${claim.metadata.name} is ready and its GPUs can be used`,
  );
}

/** The claim ends. */
export function ending(claim: GPUNodeClaim, reason: string, message: string): EventNote {
  return reason === "Empty" || reason === "NotNeeded"
    ? normal(claim, reason, message)
    : warning(claim, reason, message);
}
