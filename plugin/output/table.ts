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
  /** Kept while any other column can be dropped: what it costs, how it goes. @default {false} */
  readonly essential?: boolean;
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
 * Lays rows out. Columns that do not fit are dropped from the right, essential ones after all others;
 * the first one always stays, since it is the name.
 */
export function layOutTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: TableOptions,
): Table {
  const headers = options.headers ?? true;
  const laidOut = columns.filter((column) => options.wide || !column.wide).map((column) => {
    const cells = rows.map((row) => sanitize(column.cell(row)));
    const texts = headers ? [column.header, ...cells] : cells;
    return { column, texts, width: Math.max(0, ...texts.map((text) => text.length)) };
  });
  const kept = selectFitting(laidOut, options.width ?? Infinity);
  const lines = Array.from(
    { length: rows.length + (headers ? 1 : 0) },
    (_, line) =>
      kept.map(({ texts, width }, index) => {
        const text = texts[line] ?? "";
        return index === kept.length - 1 ? text : text.padEnd(width + gap);
      }).join("").trimEnd() + "\n",
  );
  return {
    text: rows.length === 0 ? "" : lines.join(""),
    dropped: laidOut.filter((part) => !kept.includes(part)).map(({ column }) => column.header),
  };
}

/** A line for people about columns that were dropped; `undefined` if none was. */
export function explainDropped(dropped: readonly string[]): string | undefined {
  if (dropped.length === 0) return undefined;
  const plural = dropped.length === 1 ? "column" : "columns";
  return `+${dropped.length} ${plural} (${dropped.join(", ")}): widen the terminal, or use -o json`;
}

/** A column with everything that stands in it. */
interface LaidOutColumn {
  readonly column: { readonly header: string; readonly essential?: boolean };
  readonly texts: readonly string[];
  readonly width: number;
}

function selectFitting<C extends LaidOutColumn>(all: readonly C[], limit: number): readonly C[] {
  const others = all.slice(1);
  const expendable = others.filter(({ column }) => !column.essential);
  const essential = others.filter(({ column }) => column.essential);
  const dropOrder = [...expendable.reverse(), ...essential.reverse()];
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
