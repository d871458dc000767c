/**
 * `kubectl tgp offers`: lists what can be bought.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { printRows } from "../output/print_rows.ts";
import { PluginError } from "../plugin_error.ts";
import type { OffersFlags } from "./flags.ts";
import { resolveModelWord } from "./gpu_model_match.ts";
import { describeNearMiss, explainNearMiss } from "./near_miss.ts";
import { collectNotes, explainMarks, offerColumns } from "./offer_columns.ts";
import { type OfferFilter, toFilters } from "./offer_filters.ts";
import { toOfferItem, toSourceItem } from "./offer_item.ts";
import { describeSilentSources, judgeSource, type OfferReading } from "./offer_sources.ts";
import { type OffersOptions, parseOptions } from "./options.ts";
import { sortOffers } from "./sort_offers.ts";

/** Runs the command. */
export async function run(options: OffersOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps } = context;
  const reading = await readOffers(options, context);
  const now = deps.clock.now();
  requireAnswer(reading, now);
  const filters = toFilters(resolveModels(options, reading.offers));
  const matched = sortOffers(
    reading.offers.filter((offer) => filters.every(({ keeps }) => keeps(offer))),
    options.order,
  );
  const shown = matched.slice(0, options.limit);
  const table = { now, wide: options.format === "wide", notes: collectNotes(shown) };
  await printRows(io, {
    kind: "OfferList",
    rows: shown,
    columns: offerColumns(table),
    toName: ({ id }) => `offer/${id}`,
    toItem: (offer) => toOfferItem(offer, now),
    metadata: {
      sources: reading.sources.map((source) => toSourceItem(source, now)),
      query: options.queryText,
      counts: { total: reading.offers.length, matched: matched.length, shown: shown.length },
    },
    empty: explainEmpty(options, reading.offers, filters),
  }, { format: options.format, headers: options.headers, now });
  const hidden = matched.length - shown.length;
  const lines = [
    ...(isTable(options) ? explainMarks(shown, table) : []),
    ...(hidden > 0 ? [`${hidden} more: --limit 0`] : []),
    ...describeSilentSources(reading.sources, now),
  ];
  for (const line of lines) io.message(line);
  return selectExitCode(options, reading, { matched: matched.length, now });
}

/** The command. */
export function offers(
  flags: OffersFlags,
  [query]: readonly [string | undefined],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, query), context);
}

async function readOffers(
  { local, nodeClass, wishes }: OffersOptions,
  { deps, globals }: CommandContext,
): Promise<OfferReading> {
  if (local) {
    const { readLocalOffers } = await import("./read_local_offers.ts");
    return await readLocalOffers(deps, { clouds: wishes.provider, nodeClass });
  }
  const { readClusterOffers } = await import("./read_cluster_offers.ts");
  const namespace = globals.controllerNamespace ?? defaultNamespace;
  return await withKube(deps, globals, (kube) => readClusterOffers(kube, namespace, nodeClass));
}

/** Without any answer there is nothing to list, and that is an error. */
function requireAnswer({ sources, offers }: OfferReading, now: number): void {
  if (offers.length > 0 || sources.some(({ state }) => state !== "failed")) return;
  const unauthorized = sources.every((source) => source.unauthorized);
  const lines = describeSilentSources(sources, now);
  const exitCode = unauthorized ? exitCodes.notAllowed : exitCodes.failure;
  throw lines.length === 1
    ? new PluginError(`no cloud answered: ${lines[0]}`, { exitCode })
    : new PluginError("no cloud answered", { exitCode, remedy: lines });
}

function resolveModels(
  { wishes }: OffersOptions,
  offers: readonly Offer[],
): OffersOptions["wishes"] {
  const offered = offers.flatMap(({ gpu }) => gpu ? [gpu.model] : []);
  const models = wishes.query.models.map((word) => resolveModelWord(word, offered));
  return { ...wishes, query: { ...wishes.query, models } };
}

function explainEmpty(
  { queryText }: OffersOptions,
  offers: readonly Offer[],
  filters: readonly OfferFilter[],
): string {
  // To those who look for a GPU, a cheap machine without one is no near miss.
  const comparable = queryText === "" ? offers : offers.filter(({ gpu }) => gpu !== undefined);
  return describeNearMiss(offers.length, explainNearMiss(comparable, filters)).join("\n");
}

function isTable({ format }: OffersOptions): boolean {
  return format === "table" || format === "wide";
}

function selectExitCode(
  { failEmpty, strict }: OffersOptions,
  { sources }: OfferReading,
  { matched, now }: { readonly matched: number; readonly now: number },
): ExitCode {
  if (strict && sources.some((source) => judgeSource(source, now) !== "ok")) {
    return exitCodes.partial;
  }
  return failEmpty && matched === 0 ? exitCodes.no : exitCodes.ok;
}
