/**
 * Rules for GPUNodeClass that neither its schema nor CEL can state.
 *
 * @module
 */

import type { GPUNodeClass } from "../../../schemas/node_class.ts";
import type { AdmissionContext } from "../context/admission_context.ts";
import { checkBootstrap } from "./check_bootstrap.ts";
import { checkCredentials } from "./check_credentials.ts";
import { checkEntry } from "./check_entry.ts";
import { checkReachedLimits } from "./check_limits.ts";
import { checkRoomForOne, isWithinLimits } from "./check_room.ts";
import { findKnownEntries } from "./known_entry.ts";
import { deny, type Violation, warn } from "./violation.ts";

/** Everything that is wrong with a class. */
export function validateNodeClass(
  nodeClass: GPUNodeClass,
  context: AdmissionContext,
): readonly Violation[] {
  const { providers, limits } = nodeClass.spec;
  const { name } = nodeClass.metadata;
  const { known, unsupported } = findKnownEntries(providers);
  const offers = context.offers(name);
  return [
    ...unsupported.map(({ path, text, supported }) =>
      deny(path, `unsupported provider: ${text}`, supported)
    ),
    ...known.flatMap((entry) => checkEntry(entry, offers)),
    ...checkCredentials(providers, known, context),
    ...checkEnabled(nodeClass),
    ...checkBootstrap(nodeClass, known),
    ...checkReachedLimits(limits, context.usage("class", name)),
    ...checkRoom(nodeClass, context),
  ];
}

function checkEnabled({ spec: { providers } }: GPUNodeClass): readonly Violation[] {
  return providers.some(({ enabled }) => enabled !== false) ? [] : [warn(
    "spec.providers",
    "every account is disabled",
    "nothing is bought until one has enabled: true",
  )];
}

function checkRoom(
  { metadata: { name }, spec: { limits } }: GPUNodeClass,
  context: AdmissionContext,
): readonly Violation[] {
  if (limits === undefined) return [];
  const known = context.offers(name).offers;
  const isBuyable = (offer: typeof known[number]["offer"]) => offer.notJoinable === undefined;
  if (known.some(({ offer }) => isBuyable(offer) && isWithinLimits(offer, limits))) return [];
  return checkRoomForOne(limits, known.map(({ offer }) => offer).filter(isBuyable));
}
