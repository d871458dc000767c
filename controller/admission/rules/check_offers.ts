/**
 * Terms that no known offer could ever meet, whatever is in stock; and caps below what everything costs.
 *
 * Pods may ask for more, never for less: what does not fit here fits nobody's pod.
 *
 * @module
 */

import { explainOffers } from "../../../scheduling/offer_explanation.ts";
import { describeOffer } from "../../../scheduling/nearest_miss.ts";
import { isNamedWhereNeeded, labelsToName } from "../../../scheduling/offers.ts";
import { findViolated, type Requirements } from "../../../scheduling/requirements.ts";
import type { Offer } from "../../../providers/contract.ts";
import { displayUsd } from "../../../schemas/money.ts";
import { fitsInto } from "../../../schemas/quantity.ts";
import type { KnownOffer, KnownOffers } from "../context/known_offers.ts";
import { checkRoomForOne, isWithinLimits } from "./check_room.ts";
import type { NodeTerms } from "./node_terms.ts";
import { type Violation, warn } from "./violation.ts";

/** Compares terms with what is known to be offered; says nothing while nothing is known. */
export function checkOffers(
  terms: NodeTerms,
  requirements: Requirements,
  known: KnownOffers,
): readonly Violation[] {
  if (known.offers.length === 0) return [];
  const { limits } = terms;
  const fits = createFit(terms, requirements);
  const couldBeBought = (candidate: KnownOffer) =>
    fits(candidate) && isWithinCaps(candidate.offer, terms) &&
    isWithinLimits(candidate.offer, limits);
  // The usual case, and it ends at the first of them.
  if (known.offers.some(couldBeBought)) return [];
  const fitting = known.offers.filter(fits).map(({ offer }) => offer);
  if (fitting.length === 0) {
    const unnamed = known.offers.find(createFit(terms, requirements, { named: false }));
    return [
      unnamed
        ? explainNaming(terms, unnamed.offer)
        : explainRequirements(terms, requirements, known),
    ];
  }
  return [
    ...fitting.some((offer) => isWithinCaps(offer, terms)) ? [] : explainCaps(terms, fitting),
    ...checkRoomForOne(limits, fitting),
  ];
}

/**
 * Whether an offer meets everything but caps and limits.
 *
 * @param named Whether what must be asked for by name has to be.
 */
function createFit(
  { labels, resources }: NodeTerms,
  requirements: Requirements,
  { named } = { named: true },
): (candidate: KnownOffer) => boolean {
  const open = withoutDecided(requirements, labels.value);
  return ({ offer, labels: offered }) =>
    offer.notJoinable === undefined && findViolated(open, offered) === undefined &&
    (!named || isNamedWhereNeeded(offer, requirements)) && fitsInto(resources, offer.allocatable);
}

/** The template's labels win over the offer's, and what they decide was checked against them. */
function withoutDecided(
  requirements: Requirements,
  labels: Readonly<Record<string, string>>,
): Requirements {
  const decided = Object.keys(labels);
  if (decided.length === 0) return requirements;
  return new Map([...requirements].filter(([key]) => !decided.includes(key)));
}

function isWithinCaps(offer: Offer, { maxPerHour, maxPerGpuHour }: NodeTerms): boolean {
  return (maxPerHour.value === undefined || offer.price.perHour <= maxPerHour.value) &&
    (maxPerGpuHour.value === undefined || offer.gpu === undefined ||
      offer.price.perGpuHour <= maxPerGpuHour.value);
}

/** @param fitting Cheapest first, at least one. */
function explainCaps(terms: NodeTerms, fitting: readonly Offer[]): readonly Violation[] {
  const { maxPerHour, maxPerGpuHour } = terms;
  const violations: Violation[] = [];
  const [cheapest] = fitting;
  if (cheapest && maxPerHour.value !== undefined && cheapest.price.perHour > maxPerHour.value) {
    violations.push(warn(
      maxPerHour.path,
      `${displayUsd(maxPerHour.value)} an hour is less than every machine that fits costs`,
      `the cheapest is ${describeOffer(cheapest)}`,
    ));
  }
  const cheapestGpu = findCheapestPerGpu(fitting);
  if (
    cheapestGpu && maxPerGpuHour.value !== undefined &&
    cheapestGpu.price.perGpuHour > maxPerGpuHour.value
  ) {
    const { price, gpu } = cheapestGpu;
    violations.push(warn(
      maxPerGpuHour.path,
      `${displayUsd(maxPerGpuHour.value)} an hour is less than every GPU that fits costs`,
      gpu?.count === 1
        ? `the cheapest is ${describeOffer(cheapestGpu)}`
        : `the cheapest is ${displayUsd(price.perGpuHour)} each, in ${describeOffer(cheapestGpu)}`,
    ));
  }
  if (violations.length > 0) return violations;
  return [warn(
    maxPerHour.path,
    `no machine that fits is within both caps, on the machine and on each GPU`,
    cheapest && `the cheapest is ${describeOffer(cheapest)}`,
  )];
}

function findCheapestPerGpu(offers: readonly Offer[]): Offer | undefined {
  let best: Offer | undefined;
  for (const offer of offers) {
    if (offer.gpu === undefined) continue;
    if (best === undefined || offer.price.perGpuHour < best.price.perGpuHour) best = offer;
  }
  return best;
}

/** What surprises pods that did not ask for it is bought only for those that do. */
function explainNaming({ requirements, noun }: NodeTerms, cheapest: Offer): Violation {
  const names = Object.entries(labelsToName(cheapest)).map(([key, value]) => `${key} "${value}"`);
  return warn(
    requirements.path,
    `all that fits is bought only for pods that ask for ${names.join(" and ")} by name`,
    `to serve others, too, list it in a requirement of ${noun}`,
  );
}

function explainRequirements(
  terms: NodeTerms,
  requirements: Requirements,
  known: KnownOffers,
): Violation {
  const { className, noun } = terms;
  const offers = known.offers.map(({ offer }) => offer);
  const { nearestMiss } = explainOffers(offers, {
    requirements: terms.requirements.value,
    labels: terms.labels.value,
    resources: terms.resources,
    accounts: [...new Set(offers.map(({ account }) => account))]
      .map((name) => ({ name, priority: 0 })),
  });
  if (offers.every(({ notJoinable }) => notJoinable !== undefined)) {
    const message = `no machine that class "${className}" offers could join the cluster`;
    return warn(terms.requirements.path, message, offers[0]?.notJoinable);
  }
  const message = `nothing that class "${className}" offers could ever serve ${noun}`;
  if (nearestMiss === undefined) return warn(terms.requirements.path, message);
  const nearest = known.offers.find(({ offer }) => offer === nearestMiss.offer);
  const violated = nearest &&
    findViolated(withoutDecided(requirements, terms.labels.value), nearest.labels);
  const index = terms.requirements.value.findIndex(({ key }) => key === violated);
  return warn(
    index < 0 ? terms.requirements.path : `${terms.requirements.path}[${index}]`,
    message,
    `the smallest change that helps: ${nearestMiss.change}`,
  );
}
