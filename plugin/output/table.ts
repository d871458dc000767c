/**
 * Tables as kubectl prints them: upper-case headers, three spaces between columns, no borders, and
 * never wider than the terminal.
 *
 * @module
 */

import { wrapText } from "./wrap_text.ts";

/** A column of a table over rows of type `T`. */
export interface Column<T> {
  /** In upper case. */
  readonly header: string;
  readonly cell: (row: T) => string;
  /** Shown with `-o wide` only. @default {false} */
  readonly wide?: boolean;
  /** Kept while any other column can be dropped: what it costs, how it goes. @default {false} */
  readonly essential?: boolean;
  /** Given up before any other column, even if it is the first. @default {false} */
  readonly dropFirst?: boolean;
  /** For sentences, in the last column: goes on below itself instead of being dropped. @default {false} */
  readonly wraps?: boolean;
}

/** How to lay a table out. */
export interface TableOptions {
  /** Columns of the terminal; `undefined` when it is none: nothing is dropped. */
  readonly width: number | undefined;
  readonly wide: boolean;
  /** @default {true} */
  readonly headers?: boolean;
}

/** A laid-out table. */
export interface Table {
  /** Lines, each with its newline; empty without rows. */
  readonly text: string;
  /** Headers of the columns for which there was no room, from left to right. */
  readonly dropped: readonly string[];
}

const gap = 3;

/** Sentences narrower than this are harder to read than lines that the terminal breaks. */
const minSentence = 24;

/**
 * Lays rows out. Columns that do not fit are dropped from the right, essential ones after all others;
 * the first one always stays, since it is the name (unless it says otherwise), and one that wraps takes
 * what room is left.
 */
export function layOutTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: TableOptions,
): Table {
  const headers = options.headers ?? true;
  const limit = options.width ?? Infinity;
  const laidOut = columns.filter((column) => options.wide || !column.wide).map((column) => {
    const cells = rows.map((row) => sanitize(column.cell(row)));
    const texts = headers ? [column.header, ...cells] : cells;
    const widest = Math.max(0, ...texts.map((text) => text.length));
    return { column, texts, width: column.wraps ? Math.min(widest, minSentence) : widest };
  });
  const kept = selectFitting(laidOut, limit);
  const last = kept.at(-1);
  const room = limit - kept.slice(0, -1).reduce((sum, { width }) => sum + width + gap, 0);
  const lines = Array.from({ length: rows.length + (headers ? 1 : 0) }, (_, line) => {
    const start = kept.slice(0, -1).map(({ texts, width }) =>
      (texts[line] ?? "").padEnd(width + gap)
    ).join("");
    const text = last?.texts[line] ?? "";
    const parts = last?.column.wraps ? wrapText(text, Math.max(room, minSentence)) : [text];
    const indent = " ".repeat(start.length);
    return parts.map((part, index) => `${(index === 0 ? start : indent) + part}`.trimEnd() + "\n")
      .join("");
  });
  return {
    text: rows.length === 0 ? "" : lines.join(""),
    dropped: laidOut.filter((part) => !kept.includes(part)).map(({ column }) => column.header),
  };
}

/**
 * A line for people about columns that were dropped; `undefined` if none was.
 *
 * @param hasWide Whether `-o wide` would show them.
 */
export function explainDropped(dropped: readonly string[], hasWide = true): string | undefined {
  if (dropped.length === 0) return undefined;
  const plural = dropped.length === 1 ? "column" : "columns";
  return `+${dropped.length} ${plural} (${dropped.join(", ")}): widen the terminal${
    hasWide ? ", or use -o wide" : ""
  }`;
}

/** A column with everything that stands in it. */
interface LaidOutColumn {
  readonly column: {
    readonly header: string;
    readonly essential?: boolean;
    readonly dropFirst?: boolean;
    readonly wraps?: boolean;
  };
  readonly texts: readonly string[];
  readonly width: number;
}

function selectFitting<C extends LaidOutColumn>(all: readonly C[], limit: number): readonly C[] {
  const first = all.filter(({ column }) => column.dropFirst);
  const others = all.filter(({ column }) => !column.dropFirst).slice(1)
    .filter(({ column }) => !column.wraps);
  const expendable = others.filter(({ column }) => !column.essential);
  const essential = others.filter(({ column }) => column.essential);
  const dropOrder = [...first.reverse(), ...expendable.reverse(), ...essential.reverse()];
  const kept = new Set(all);
  const width = () => [...kept].reduce((sum, column) => sum + column.width + gap, -gap);
  for (const column of dropOrder) {
    if (width() <= limit) break;
    kept.delete(column);
  }
  return [...kept];
}

/** A vendor's words must not break the table, nor the terminal. */
function sanitize(cell: string): string {
  // deno-lint-ignore no-control-regex
  return cell.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
