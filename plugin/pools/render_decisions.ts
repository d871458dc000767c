/**
 * What the controller last decided for a pool, in words.
 *
 * @module
 */

import { displayUsd } from "../../schemas/money.ts";
import type {
  DecidedOffer,
  DecidedPurchase,
  DecidedRefusal,
  PoolDecisions,
} from "../../schemas/pool_decisions.ts";
import { formatAgeOf } from "../output/age.ts";
import { countOf } from "../output/count.ts";
import { wrapText } from "../output/wrap_text.ts";
import type { DecisionsReading } from "./read_decisions.ts";

/** Lines under a heading; a heading without lines is not shown. */
export interface DecisionBlock {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Orders to show: those that somebody who asks "why this one" most likely means. */
const shownPurchases = 3;

/** @param width Characters of a line; not wrapped when absent. */
export function renderDecisions(
  reading: DecisionsReading,
  width: number | undefined,
  now: number,
): readonly DecisionBlock[] {
  const wrap = (text: string) => wrapText(text, width);
  if (reading.kind === "none") {
    return [{ label: "Decided", lines: wrap("nothing yet: no pod has waited for this pool") }];
  }
  if (reading.kind === "unknown") {
    return [{ label: "Decided", lines: wrap(`unknown: ${reading.why}`) }];
  }
  const { decisions } = reading;
  const others = decisions.otherRefused;
  return [
    { label: "Decided", lines: wrap(describeOutcome(decisions, now)) },
    {
      label: "Not served",
      lines: [
        ...decisions.refusals.flatMap((refusal) => wrap(describeRefusal(refusal))),
        ...(others > 0 ? wrap(`${countOf(others, "pod")} for further reasons`) : []),
      ],
    },
    {
      label: "Bought last",
      lines: decisions.purchases.slice(0, shownPurchases)
        .flatMap((purchase) => describePurchase(purchase, now).flatMap(wrap)),
    },
  ];
}

function describeOutcome(decisions: PoolDecisions, now: number): string {
  const { considered, fitting, planned, bought, refusals, otherRefused, since } = decisions;
  const refused = refusals.reduce((sum, { pods }) => sum + pods.count, otherRefused);
  const parts = [
    [bought, "getting a new machine"],
    [planned, "waiting for one that is on its way"],
    [fitting, "fitting on nodes that are there"],
    [refused, "not served"],
  ] as const;
  const told = parts.flatMap(([count, what]) => count > 0 ? [`${count} ${what}`] : []);
  return `${formatAgeOf(since, now)} ago, for ${countOf(considered, "pod")}: ${told.join(", ")}`;
}

function describeRefusal({ message, pods }: DecidedRefusal): string {
  return `${describePods(pods)}: ${message}`;
}

function describePods({ count, first }: DecidedRefusal["pods"]): string {
  const more = count - first.length;
  return `${countOf(count, "pod")} (${first.join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}

function describePurchase(purchase: DecidedPurchase, now: number): readonly string[] {
  const { claim, ceilingPerHour, next, offer, pods, time, why } = purchase;
  const fallback = next ? `; next ${describeOffer(next)}` : "";
  return [
    `${formatAgeOf(time, now)} ago ${describeOffer(offer)}, at most ${
      displayUsd(ceilingPerHour)
    }/h, for ${describePods(pods)}: ${claim}`,
    `why: ${why}${fallback}`,
  ];
}

function describeOffer(offer: DecidedOffer): string {
  const { account, capacityType, gpuCount, gpuModel, instanceType, perHour, provider, region } =
    offer;
  const what = gpuModel === undefined ? instanceType : `${gpuModel} x${gpuCount}`;
  const where = [provider, region, ...(account === provider ? [] : [`(${account})`])]
    .filter((part) => part !== undefined).join(" ");
  const terms = capacityType === "on-demand" ? "" : ` ${capacityType}`;
  return `${what} ${where}${terms} ${displayUsd(perHour)}/h (${offer.id})`;
}
