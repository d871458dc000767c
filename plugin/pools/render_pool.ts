/**
 * One pool in words.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { describeCondition } from "../../scheduling/requirement_text.ts";
import { parseRequirements } from "../../scheduling/requirements.ts";
import { gpuResources } from "../../schemas/gpu_models.ts";
import { displayUsd } from "../../schemas/money.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { formatQuantity } from "../../schemas/quantity.ts";
import { describeClaimStep } from "../claims/claim_step.ts";
import type { ClaimView } from "../claims/claim_view.ts";
import { formatAgeOf } from "../output/age.ts";
import { roundAmount } from "../output/amount.ts";
import { countOf } from "../output/count.ts";
import { layOutTable } from "../output/table.ts";
import { wrapText } from "../output/wrap_text.ts";
import type { DecisionsReading } from "./read_decisions.ts";
import { renderDecisions } from "./render_decisions.ts";

/** What is on offer for the pool. */
export type PoolMarket =
  | { readonly kind: "known"; readonly next: readonly Offer[]; readonly explanation: string }
  | { readonly kind: "unknown"; readonly why: string };

/** Everything that is shown. */
export interface PoolDescription {
  readonly pool: GPUNodePool;
  readonly claims: readonly ClaimView[];
  readonly market: PoolMarket;
  readonly decisions: DecisionsReading;
  /** Of the terminal; `undefined` if there is none. */
  readonly columns: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Offers to show: the first, and what is tried if it is refused. */
const shownOffers = 3;

/** The description; ends in a newline. */
export function renderPool(description: PoolDescription): string {
  const { pool, claims, market, decisions, columns, now } = description;
  const width = columns === undefined ? undefined : columns - labelWidth;
  const { metadata, spec, status } = pool;
  return [
    block("Pool", [
      `${metadata.name}   class ${spec.nodeClassRef.name}, created ${
        formatAgeOf(metadata.creationTimestamp, now)
      } ago${spec.paused ? ", paused" : ""}`,
    ]),
    block("Wants", describeWishes(pool)),
    block("Now", describeUse(pool)),
    block("Waiting", [countOf(status?.pendingPods ?? 0, "pod")]),
    block("Claims", describeClaims(claims, width, now)),
    block("Buys next", describeNext(market, width)),
    ...renderDecisions(decisions, width, now).map(({ label, lines }) => block(label, lines)),
    block("Conditions", describeConditions(pool).flatMap((line) => wrapText(line, width))),
  ].join("");
}

function describeWishes({ spec: { template, price } }: GPUNodePool): readonly string[] {
  const requirements = parseRequirements(template?.spec?.requirements ?? []);
  const lines = [...requirements].map(([key, condition]) =>
    `${key} ${describeCondition(condition)}`
  );
  if (price?.maxPerGpuHour) lines.push(`at most ${displayUsd(price.maxPerGpuHour)} per GPU-hour`);
  if (price?.maxPerHour) {
    lines.push(`at most ${displayUsd(price.maxPerHour)} per hour for a machine`);
  }
  return lines.length > 0 ? lines : ["any GPU, at any price"];
}

function describeUse({ spec: { limits }, status }: GPUNodePool): readonly string[] {
  const gpus = Object.entries(gpuResources).flatMap(([vendor, resource]) => {
    const current = status?.resources?.[resource];
    const limit = limits?.resources?.[resource];
    if (current === undefined && limit === undefined && vendor !== "nvidia") return [];
    const noun = vendor === "nvidia" ? "GPU" : `${vendor.toUpperCase()} GPU`;
    return [
      countOf(current ? formatQuantity(current) : 0, noun) + of(limit && formatQuantity(limit)),
    ];
  });
  return [
    `${countOf(status?.nodes ?? 0, "node")}${of(limits?.nodes)}, ${status?.readyNodes ?? 0} ready`,
    ...gpus,
    `${money(status?.spendPerHour)} per hour${
      of(limits?.spendPerHour && money(limits.spendPerHour))
    }`,
    `${money(status?.spentToday)} today (UTC)${
      of(limits?.spendPerDay && money(limits.spendPerDay))
    }`,
  ];
}

function describeClaims(
  claims: readonly ClaimView[],
  width: number | undefined,
  now: number,
): readonly string[] {
  if (claims.length === 0) return ["none"];
  const { text } = layOutTable(
    [
      { header: "NAME", cell: ({ metadata }) => metadata.name },
      { header: "GPU", cell: ({ gpuModel }) => gpuModel ?? "<none>" },
      { header: "QTY", cell: ({ gpuCount }) => String(gpuCount ?? 0) },
      { header: "PROVIDER", cell: ({ provider }) => provider ?? "<none>" },
      {
        header: "$/H",
        essential: true,
        cell: ({ pricePerHour }) =>
          pricePerHour === undefined ? "<none>" : roundAmount(pricePerHour),
      },
      { header: "STEP", essential: true, cell: describeClaimStep },
      { header: "AGE", cell: ({ metadata }) => formatAgeOf(metadata.creationTimestamp, now) },
    ],
    claims,
    { width, wide: false },
  );
  return text.trimEnd().split("\n");
}

function describeNext(market: PoolMarket, width: number | undefined): readonly string[] {
  if (market.kind === "unknown") return wrapText(`unknown: ${market.why}`, width);
  const rows = market.next.slice(0, shownOffers);
  const { text } = layOutTable(
    [
      { header: "", dropFirst: true, cell: ({ id }) => id },
      { header: "", cell: ({ gpu }) => `${gpu?.model ?? ""} x${gpu?.count ?? 0}` },
      { header: "", cell: ({ provider, location }) => `${provider} ${location.region ?? "?"}` },
      { header: "", cell: ({ price }) => `${displayUsd(price.perHour)}/h` },
      { header: "", cell: ({ price }) => `${displayUsd(price.perGpuHour)} per GPU` },
    ],
    rows,
    { width, wide: false, headers: false },
  );
  const table = rows.length > 0 ? text.trimEnd().split("\n") : [];
  return [...table, ...wrapText(market.explanation, width)];
}

function describeConditions({ status }: GPUNodePool): readonly string[] {
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) return ["none yet: the controller has not seen this pool"];
  return conditions.map(({ type, status, reason, message }) =>
    `${type} ${status} (${reason})${message ? `: ${message}` : ""}`
  );
}

/** Of the left column. */
const labelWidth = 14;

/** Nothing without lines. */
function block(label: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return lines.map((line, index) =>
    `${(index === 0 ? label : "").padEnd(labelWidth)}${line}`.trimEnd()
  ).join("\n") + "\n";
}

function of(limit: string | number | undefined): string {
  return limit === undefined ? "" : ` of at most ${limit}`;
}

function money(amount: Parameters<typeof displayUsd>[0] | undefined): string {
  return amount === undefined ? "$0.00" : displayUsd(amount);
}
