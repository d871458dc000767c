/**
 * Tables as kubectl prints them: upper-case headers, three spaces between columns, no borders, and
 * never wider than the terminal.
 *
 * @module
 */

/** A column of a table over rows of type `T`. */
export interface Column<T> {
  /** In upper case. */
  readonly header: string;
  readonly cell: (row: T) => string;
  /** Shown with `-o wide` only. @default {false} */
  readonly wide?: boolean;
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

/**
 * Lays rows out. Columns that do not fit are dropped from the right; the first one always stays, since
 * it is the name.
 */
export function layOutTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: TableOptions,
): Table {
  const shown = columns.filter((column) => options.wide || !column.wide);
  const cells = shown.map((column) => rows.map((row) => sanitize(column.cell(row))));
  const headers = options.headers ?? true;
  const widths = shown.map((column, index) =>
    Math.max(headers ? column.header.length : 0, ...(cells[index] ?? []).map((cell) => cell.length))
  );
  const kept = countFitting(widths, options.width ?? Infinity);
  const toLine = (texts: readonly string[]) =>
    texts.slice(0, kept).map((text, index) =>
      index === kept - 1 ? text : text.padEnd((widths[index] ?? 0) + gap)
    ).join("").trimEnd() + "\n";
  const lines = rows.map((_, row) => toLine(cells.map((column) => column[row] ?? "")));
  if (headers && rows.length > 0) lines.unshift(toLine(shown.map(({ header }) => header)));
  return { text: lines.join(""), dropped: shown.slice(kept).map(({ header }) => header) };
}

/** A line for people about columns that were dropped; `undefined` if none was. */
export function explainDropped(dropped: readonly string[]): string | undefined {
  if (dropped.length === 0) return undefined;
  const plural = dropped.length === 1 ? "column" : "columns";
  return `+${dropped.length} ${plural} (${dropped.join(", ")}): widen the terminal, or use -o json`;
}

function countFitting(widths: readonly number[], limit: number): number {
  let used = 0;
  for (const [index, width] of widths.entries()) {
    used += width + (index === 0 ? 0 : gap);
    if (used > limit) return Math.max(1, index);
  }
  return widths.length;
}

/** A vendor's words must not break the table, nor the terminal. */
function sanitize(cell: string): string {
  // deno-lint-ignore no-control-regex
  return cell.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
