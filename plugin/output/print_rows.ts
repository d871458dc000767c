/**
 * Prints a list in the format that the user chose.
 *
 * @module
 */

import type { Io } from "../io.ts";
import { printStructured } from "./format.ts";
import { type OutputList, toOutputList } from "./list.ts";
import type { ListFormat } from "./list_formats.ts";
import { type Column, explainDropped, layOutTable } from "./table.ts";

/** A list, and how each format shows it. */
export interface RowsOutput<T, Item> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  /** `resource/name` for `-o name`. */
  readonly toName: (row: T) => string;
  readonly toItem: (row: T) => Item;
  /** `kind` of the list in JSON and YAML. */
  readonly kind: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Printed to stderr instead of a table without rows. */
  readonly empty: string;
}

/** How to print. */
export interface PrintOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Prints rows. */
export async function printRows<T, Item>(
  io: Io,
  output: RowsOutput<T, Item>,
  options: PrintOptions,
): Promise<void> {
  const { rows, columns } = output;
  switch (options.format) {
    case "json":
    case "yaml":
      return await printStructured(io, options.format, toList(output, options.now));
    case "name":
      return io.out(rows.map((row) => `${output.toName(row)}\n`).join(""));
    case "table":
    case "wide": {
      if (rows.length === 0) return io.message(output.empty);
      const wide = options.format === "wide";
      printTable(io, columns, rows, { wide, headers: options.headers });
    }
  }
}

/**
 * Prints rows as a table that fits the terminal, and says which columns it left out; a wide one has all,
 * as kubectl's has, and the terminal breaks its lines.
 */
export function printTable<T>(
  io: Io,
  columns: readonly Column<T>[],
  rows: readonly T[],
  options: {
    readonly wide: boolean;
    readonly headers: boolean;
    /** Whether `-o wide` would show all. @default {true} */
    readonly hasWide?: boolean;
  },
): void {
  const width = options.wide ? undefined : io.columns;
  const { text, dropped } = layOutTable(columns, rows, { ...options, width });
  io.out(text);
  const note = explainDropped(dropped, options.hasWide);
  if (note !== undefined) io.message(note);
}

function toList<T, Item>(output: RowsOutput<T, Item>, now: number): OutputList<Item> {
  return toOutputList(output.kind, output.rows.map(output.toItem), now, output.metadata);
}
