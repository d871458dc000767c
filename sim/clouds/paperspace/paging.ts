/**
 * Lists, page by page.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { z } from "zod";
import type { PaperspaceWire } from "./behaviour.ts";
import { Refusal } from "./errors.ts";
import { parseInput } from "./inputs.ts";

/** What the order of a list may go by. */
export type OrderKeys<Item> = Readonly<Record<string, (item: Item) => string | number>>;

/** One page. */
export interface Page<Item> {
  readonly hasMore: boolean;
  readonly nextPage?: string | null;
  readonly items: readonly Item[];
}

/** Where a page begins, as cursors remember it. */
const cursorSchema = z.union([
  z.strictObject({ id: z.string(), key: z.union([z.string(), z.number()]) }),
  z.strictObject({ offset: z.int().min(1) }),
]);

type Cursor = z.infer<typeof cursorSchema>;

const maxLimit = 120;

/**
 * The page that a query asks for.
 *
 * @param keys What the order may go by, the usual one first.
 * @throws {Refusal} 400 for a query that is not documented, 500 where later pages are switched to fail.
 */
export function paginate<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: Readonly<Record<string, string>>,
  keys: OrderKeys<Item>,
  wire: PaperspaceWire,
): Page<Item> {
  const { after, limit = wire.defaultLimit, orderBy, order } = parseInput(querySchema(keys), query);
  if (after !== undefined && wire.laterPages === "fail") {
    throw new Refusal("INTERNAL_SERVER_ERROR");
  }
  const keyOf = keys[orderBy] ?? (({ id }) => id);
  const direction = order === "asc" ? 1 : -1;
  const sorted = items.toSorted((left, right) =>
    direction * compare([keyOf(left), left.id], [keyOf(right), right.id])
  );
  const start = after === undefined ? 0 : findStart(sorted, readCursor(after), keyOf, direction);
  const end = start + limit;
  const repeated = wire.duplicateItems && start > 0 ? 1 : 0;
  const page = sorted.slice(start - repeated, end);
  const last = sorted[end - 1];
  const hasMore = end < sorted.length;
  const next = last === undefined || !hasMore
    ? undefined
    : writeCursor(wire.cursor === "offset" ? { offset: end } : { id: last.id, key: keyOf(last) });
  return toPage(page, next, after, wire);
}

function querySchema<Item>(keys: OrderKeys<Item>) {
  const names = Object.keys(keys);
  return z.object({
    after: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(maxLimit).optional(),
    orderBy: z.enum(names).default(names[0] ?? ""),
    order: z.enum(["asc", "desc"]).default("desc"),
  });
}

function toPage<Item>(
  items: readonly Item[],
  next: string | undefined,
  after: string | undefined,
  { laterPages, lastPage }: PaperspaceWire,
): Page<Item> {
  if (laterPages === "endless") {
    return { hasMore: true, nextPage: next ?? after ?? writeCursor({ offset: 1 }), items };
  }
  if (next === undefined) {
    return { hasMore: false, ...(lastPage === "null" && { nextPage: null }), items };
  }
  return { hasMore: true, ...(laterPages !== "cursorLost" && { nextPage: next }), items };
}

/** The first item after a cursor: items that came or went do not disturb it, unless it is a place. */
function findStart<Item extends { readonly id: string }>(
  sorted: readonly Item[],
  cursor: Cursor,
  keyOf: (item: Item) => string | number,
  direction: 1 | -1,
): number {
  if ("offset" in cursor) return cursor.offset;
  const index = sorted.findIndex((item) =>
    direction * compare([keyOf(item), item.id], [cursor.key, cursor.id]) > 0
  );
  return index < 0 ? sorted.length : index;
}

function compare(
  [leftKey, leftId]: readonly [string | number, string],
  [rightKey, rightId]: readonly [string | number, string],
): number {
  if (leftKey !== rightKey) return leftKey < rightKey ? -1 : 1;
  if (leftId === rightId) return 0;
  return leftId < rightId ? -1 : 1;
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    throw new Refusal("BAD_REQUEST", "Invalid cursor");
  }
}
