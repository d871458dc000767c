/**
 * One account of a class: its cloud, regions, image and time limits.
 *
 * @module
 */

import { findNearest } from "../../../scheduling/label_hint.ts";
import { formatDuration } from "../../../schemas/duration.ts";
import type { KnownOffers } from "../context/known_offers.ts";
import type { KnownEntry } from "./known_entry.ts";
import { type Violation, warn } from "./violation.ts";

/** No cloud boots a machine faster (documentation and clients of all of them, read 2026-11-24). */
const fastestBootMs = 60_000;

/** How many regions a message lists, where none comes near. */
const maxChoice = 8;

/** Everything that is wrong with an entry by itself. */
export function checkEntry(entry: KnownEntry, offers: KnownOffers): readonly Violation[] {
  return [
    ...checkJoining(entry),
    ...checkRegions(entry, offers),
    ...checkImage(entry),
    ...checkTimeouts(entry),
  ];
}

function checkJoining({ path, registration: { info } }: KnownEntry): readonly Violation[] {
  return info.joinsAs === "node" ? [] : [warn(
    path,
    `${info.displayName} rents containers, which cannot join a cluster as nodes yet`,
    "its offers are shown, and none is bought",
  )];
}

/** A region that is not known may be new, or mistyped. */
function checkRegions(
  { entry, path, registration }: KnownEntry,
  { offers }: KnownOffers,
): readonly Violation[] {
  if (entry.regions === undefined || entry.regions.length === 0) return [];
  const { info, knownRegions, locate, name } = registration;
  const known = knownRegions(entry);
  const isKnown = (region: string) => {
    if (known.includes(region)) return true;
    const code = locate(region).region ?? region;
    return known.includes(code) ||
      offers.some(({ offer }) => offer.provider === name && offer.location.region === code);
  };
  return entry.regions.flatMap((region, index) => {
    if (isKnown(region)) return [];
    const nearest = findNearest(region, known);
    const choice = known.toSorted().slice(0, maxChoice).join(", ");
    return [warn(
      `${path}.regions[${index}]`,
      `no region of ${info.displayName} is called "${region}", as far as is known`,
      nearest === undefined
        ? `known regions are ${choice}${known.length > maxChoice ? ", ..." : ""}`
        : `did you mean ${nearest}?`,
    )];
  });
}

function checkImage({ entry: { lambda, regions = [] }, path }: KnownEntry): readonly Violation[] {
  if (lambda?.imageID === undefined || regions.length === 1) return [];
  return [warn(
    `${path}.lambda.imageID`,
    "an image belongs to one region, and nothing is bought in others",
    "list that region alone, or set imageFamily instead",
  )];
}

/** A limit that every machine misses buys one after the other, each ended before it was up. */
function checkTimeouts({ entry: { timeouts = {} }, path }: KnownEntry): readonly Violation[] {
  return (["launch", "registration", "initialization"] as const).flatMap((step) => {
    const limit = timeouts[step];
    if (limit === undefined || limit >= fastestBootMs) return [];
    return [warn(
      `${path}.timeouts.${step}`,
      `machines take minutes, and are ended after ${formatDuration(limit)} here`,
      "each is paid for, and the next is bought",
    )];
  });
}
