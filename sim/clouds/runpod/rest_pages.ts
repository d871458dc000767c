/**
 * Pages of REST's list of pods, where it has any.
 *
 * @module
 */

import type { RunpodBehaviour } from "./behaviour.ts";
import { Refusal } from "./errors.ts";

/** A part of a list, and where the next part is. */
export interface Page<Item> {
  readonly pods: readonly Item[];
  readonly pagination?: {
    readonly nextCursor: string | null;
    readonly hasNextPage: boolean;
  };
}

/** The page that a cursor points at; without pages, everything. @throws {Refusal} `badRequest` */
export function toPage<Item>(
  items: readonly Item[],
  cursor: string | null,
  { pageSize, ignoresCursor }: RunpodBehaviour,
): Page<Item> {
  if (pageSize === null) return { pods: items };
  const start = cursor === null || ignoresCursor ? 0 : readCursor(cursor);
  const end = start + pageSize;
  const hasNextPage = end < items.length;
  return {
    pods: items.slice(start, end),
    pagination: { nextCursor: hasNextPage ? `after-${end}` : null, hasNextPage },
  };
}

function readCursor(cursor: string): number {
  const position = /^after-(\d+)$/.exec(cursor)?.[1];
  if (position === undefined) throw new Refusal("badRequest", { detail: "invalid cursor" });
  return Number(position);
}
