/**
 * How much of something there is, in the catalogue's words.
 *
 * @module
 */

import { fits, type Placement, suitsShape } from "./market.ts";
import type { Wish } from "./order.ts";

/** REST's words; GraphQL writes them capitalised. */
export type Level = "NONE" | "LOW" | "MEDIUM" | "HIGH";

/** The placements that could take the wished pod now, as far as the catalogue knows. */
export function openPlacements(placements: readonly Placement[], wish: Wish): Placement[] {
  return placements.filter((placement) =>
    fits(placement, wish) > 0 && suitsShape(placement, wish) &&
    placement.host.diskGb >= wish.minDiskGb
  );
}

/** The word for what there is. The vendor's thresholds are not known. */
export function levelOf(placements: readonly Placement[], wish: Wish): Level {
  const pods = openPlacements(placements, wish)
    .reduce((sum, placement) => sum + fits(placement, wish), 0);
  if (pods === 0) return "NONE";
  if (pods <= 2) return "LOW";
  return pods <= 7 ? "MEDIUM" : "HIGH";
}

/** GraphQL's word. @param none Its word where there is nothing. */
export function toStockStatus(level: Level, none: string | null): string | null {
  return level === "NONE" ? none : level.charAt(0) + level.slice(1).toLowerCase();
}
