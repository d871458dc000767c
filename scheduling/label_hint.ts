/**
 * "Did you mean …?" for mistyped label keys and values.
 *
 * @module
 */

import { labels } from "../schemas/labels.ts";

/** Label keys that offers or nodes made here can have, besides those of the offers at hand. */
const wellKnownKeys: readonly string[] = Object.values(labels);

/**
 * The known key nearest to an unknown one; `undefined` if the key is known or nothing is near.
 *
 * @param known Further known keys: of the offers at hand and of the pool's template.
 */
export function suggestKey(key: string, known: Iterable<string> = []): string | undefined {
  const candidates = new Set([...wellKnownKeys, ...known]);
  return candidates.has(key) ? undefined : findNearest(key, candidates);
}

/**
 * The candidate that fewest edits make equal to `text`, letters' case aside, or of which `text` is the
 * part after the slash; `undefined` when more than a third of the text would have to change.
 */
export function findNearest(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of [...candidates].sort()) {
    const lower = candidate.toLowerCase();
    const sameName = nameOf(lower) === nameOf(wanted) || lower.startsWith(`${wanted}-`);
    const edits = sameName ? 1 : editDistance(wanted, lower);
    if (!best || edits < best.edits) best = { candidate, edits };
  }
  return best && best.edits <= Math.max(1, Math.floor(text.length / 3))
    ? best.candidate
    : undefined;
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

function nameOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}
