/**
 * The query language of `kubectl tgp offers`: `[vendor:]MODEL[,MODEL][:VRAM][:COUNT]`.
 *
 * Parts are told apart by their form, so their order is free: `80GB` is memory, `8` is a count, `nvidia`
 * is a vendor, and everything else is a model.
 *
 * @module
 */

import { UsageError } from "../plugin_error.ts";
import { parseRange, type Range } from "./range.ts";

/** What to look for; an absent part does not restrict. */
export interface GpuQuery {
  readonly vendor: string | undefined;
  /** As written; any of them will do. */
  readonly models: readonly string[];
  /** Memory of one GPU in GB. */
  readonly vramGb: Range | undefined;
  /** GPUs of one machine. */
  readonly count: Range | undefined;
}

/** Makers of GPUs that people ask for. */
const vendors: readonly string[] = ["nvidia", "amd", "intel"];

/** Finds everything. */
export const emptyQuery: GpuQuery = Object.freeze({
  vendor: undefined,
  models: [],
  vramGb: undefined,
  count: undefined,
});

/**
 * Reads a query.
 *
 * @throws {UsageError} If a part is empty, or said twice.
 */
export function parseGpuQuery(text: string | undefined): GpuQuery {
  if (text === undefined || text === "") return emptyQuery;
  const query = { ...emptyQuery };
  for (const part of text.split(":")) {
    const [key, value] = parsePart(part.trim(), text);
    const before = query[key];
    if (before !== undefined && !(Array.isArray(before) && before.length === 0)) {
      throw new UsageError(`cannot read query "${text}": it says twice which ${words[key]}`);
    }
    Object.assign(query, { [key]: value });
  }
  return query;
}

const words: Readonly<Record<keyof GpuQuery, string>> = {
  vendor: "vendor",
  models: "model; separate models with commas",
  vramGb: "memory",
  count: "count",
};

function parsePart(part: string, text: string): readonly [keyof GpuQuery, unknown] {
  if (part === "") {
    throw new UsageError(
      `cannot read query "${text}": a part is empty; write it like H100:8 or A100:80GB`,
    );
  }
  if (vendors.includes(part.toLowerCase())) return ["vendor", part.toLowerCase()];
  const vramGb = /gb/i.test(part) ? parseRange(part, parseGb) : undefined;
  if (vramGb) return ["vramGb", vramGb];
  const count = parseRange(part, parseCount);
  if (count) return ["count", count];
  const models = part.split(",").map((model) => model.trim());
  if (models.includes("")) {
    throw new UsageError(`cannot read query "${text}": a model between commas is empty`);
  }
  return ["models", models];
}

/** `80GB`; in a range one of the ends may leave the unit out. */
function parseGb(end: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:gb)?$/i.exec(end);
  return match ? Number(match[1]) : undefined;
}

function parseCount(end: string): number | undefined {
  return /^\d{1,4}$/.test(end) ? Number(end) : undefined;
}
