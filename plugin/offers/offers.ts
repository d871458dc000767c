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
import { formatAge } from "../output/age.ts";
import { printRows } from "../output/print_rows.ts";
import { PluginError } from "../plugin_error.ts";
import type { OffersFlags } from "./flags.ts";
import { resolveModelWord } from "./gpu_model_match.ts";
import { describeNearMiss, explainNearMiss } from "./near_miss.ts";
import { offerColumns } from "./offer_columns.ts";
import { type OfferFilter, toFilters } from "./offer_filters.ts";
import { toOfferItem, toSourceItem } from "./offer_item.ts";
import type { OfferReading, OfferSource } from "./offer_sources.ts";
import { type OffersOptions, parseOptions } from "./options.ts";
import { sortOffers } from "./sort_offers.ts";

/** Runs the command. */
export async function run(options: OffersOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps } = context;
  const reading = await readOffers(options, context);
  requireAnswer(reading);
  const filters = toFilters(resolveModels(options, reading.offers));
  const matched = sortOffers(
    reading.offers.filter((offer) => filters.every(({ keeps }) => keeps(offer))),
    options.order,
  );
  const shown = matched.slice(0, options.limit);
  const now = deps.clock.now();
  await printRows(io, {
    kind: "OfferList",
    rows: shown,
    columns: offerColumns(now),
    toName: ({ id }) => `offer/${id}`,
    toItem: (offer) => toOfferItem(offer, now),
    metadata: {
      sources: reading.sources.map((source) => toSourceItem(source, now)),
      query: options.queryText,
      counts: { total: reading.offers.length, matched: matched.length, shown: shown.length },
    },
    empty: explainEmpty(reading.offers, filters),
  }, { format: options.format, headers: options.headers, now });
  for (const line of summarize(reading, matched.length - shown.length, now)) io.message(line);
  return selectExitCode(options, reading, matched.length);
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
  { local }: OffersOptions,
  { deps, globals }: CommandContext,
): Promise<OfferReading> {
  if (local) {
    const { readLocalOffers } = await import("./read_local_offers.ts");
    return await readLocalOffers(deps);
  }
  const { readPublishedOffers } = await import("./read_published_offers.ts");
  return await withKube(
    deps,
    globals,
    (kube) => readPublishedOffers(kube, globals.controllerNamespace ?? defaultNamespace),
  );
}

/** Without any answer there is nothing to list, and that is an error. */
function requireAnswer({ sources, offers }: OfferReading): void {
  const failed = sources.filter(({ state }) => state === "failed");
  if (offers.length > 0 || failed.length < sources.length) return;
  const unauthorized = failed.every((source) => source.unauthorized);
  throw new PluginError(`no cloud answered: ${failed.map(describeFailure).join("; ")}`, {
    exitCode: unauthorized ? exitCodes.notAllowed : exitCodes.failure,
  });
}

function resolveModels(
  { wishes }: OffersOptions,
  offers: readonly Offer[],
): OffersOptions["wishes"] {
  const offered = offers.flatMap(({ gpu }) => gpu ? [gpu.model] : []);
  const models = wishes.query.models.map((word) => resolveModelWord(word, offered));
  return { ...wishes, query: { ...wishes.query, models } };
}

function explainEmpty(offers: readonly Offer[], filters: readonly OfferFilter[]): string {
  return describeNearMiss(offers.length, explainNearMiss(offers, filters)).join("\n");
}

/** What a table leaves out, who did not answer, and how old the prices are. */
function summarize(
  { sources }: OfferReading,
  hidden: number,
  now: number,
): readonly string[] {
  const lines = hidden > 0 ? [`${hidden} more: --limit 0`] : [];
  for (const source of sources) {
    if (source.state === "failed") lines.push(describeFailure(source));
    if (source.readAt !== undefined && now - source.readAt > staleMs) {
      lines.push(`${source.account}: offers are ${formatAge(now - source.readAt)} old`);
    }
  }
  return lines;
}

/** Twice as old as the controller lets its published offers become. */
const staleMs = 20 * 60_000;

function describeFailure({ account, error }: OfferSource): string {
  return `${account}: ${error ?? "no answer"}`;
}

function selectExitCode(
  { failEmpty, strict }: OffersOptions,
  { sources }: OfferReading,
  matched: number,
): ExitCode {
  if (strict && sources.some(({ state }) => state === "failed")) return exitCodes.partial;
  return failEmpty && matched === 0 ? exitCodes.no : exitCodes.ok;
}
