/**
 * What `kubectl tgp offers` is asked to do.
 *
 * @module
 */

import { type MicroUsd, parseUsd } from "../../schemas/money.ts";
import { parseFormat } from "../output/format.ts";
import { type ListFormat, listFormats } from "../output/list_formats.ts";
import { UsageError } from "../plugin_error.ts";
import type { OffersFlags } from "./flags.ts";
import { parseGpuQuery } from "./gpu_query.ts";
import { type OfferWishes, parseNameFilter } from "./offer_filters.ts";
import { parseRange } from "./range.ts";
import { offerSortKeys } from "./sort_keys.ts";
import type { OfferOrder } from "./sort_offers.ts";

/** See the module. */
export interface OffersOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly local: boolean;
  /** The GPUNodeClass whose offers are meant; all when absent. */
  readonly nodeClass: string | undefined;
  /** The query as written. */
  readonly queryText: string;
  readonly wishes: OfferWishes;
  readonly order: OfferOrder;
  /** Most rows to show. */
  readonly limit: number;
  readonly failEmpty: boolean;
  readonly strict: boolean;
}

/** Rows of a table, unless told otherwise: about a screen. */
const tableLimit = 20;

/** Reads flags and the query. @throws {UsageError} Naming the flag and what it takes. */
export function parseOptions(flags: OffersFlags, queryText = ""): OffersOptions {
  const format = parseFormat(flags.output, listFormats, "table");
  const names = (text: string | undefined) =>
    text === undefined ? undefined : parseNameFilter(text);
  return {
    format,
    headers: !flags.noHeaders,
    local: flags.local ?? false,
    nodeClass: flags.class,
    queryText,
    wishes: {
      query: parseGpuQuery(queryText),
      provider: names(flags.provider),
      region: names(flags.region),
      country: names(flags.country),
      price: parsePrice("--price", flags.price),
      totalPrice: parsePrice("--total-price", flags.totalPrice),
      available: flags.available ?? false,
    },
    order: parseOrder(flags.sortBy),
    limit: parseLimit(flags.limit) ??
      (format === "table" || format === "wide" ? tableLimit : Infinity),
    failEmpty: flags.failEmpty ?? false,
    strict: flags.strict ?? false,
  };
}

function parsePrice(flag: string, text: string | undefined): OfferWishes["price"] {
  if (text === undefined) return undefined;
  const range = parseRange(text, parseDollars);
  if (!range) {
    throw new UsageError(`invalid argument "${text}" for ${flag}: write a range such as ..2.50`);
  }
  // A single amount is what people are ready to pay.
  return { ...range, min: text.includes("..") ? range.min : undefined, text };
}

function parseDollars(text: string): MicroUsd | undefined {
  try {
    return parseUsd(text.replace(/^\$/, ""));
  } catch {
    return undefined;
  }
}

function parseOrder(text = "effective"): OfferOrder {
  const reversed = text.startsWith("-");
  const key = offerSortKeys.find((known) => known === (reversed ? text.slice(1) : text));
  if (key !== undefined) return { key, reversed };
  throw new UsageError(
    `invalid argument "${text}" for --sort-by: it takes ${offerSortKeys.join(", ")}`,
  );
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) {
    throw new UsageError(`invalid argument "${text}" for --limit: write a number; 0 is all`);
  }
  return Number(text) === 0 ? Infinity : Number(text);
}
