/**
 * Output formats, as kubectl's `-o` takes them.
 *
 * @module
 */

import type { Io } from "../io.ts";
import { UsageError } from "../plugin_error.ts";

/**
 * Reads `-o`.
 *
 * @throws {UsageError} If it is none of `allowed`.
 */
export function parseFormat<T extends string>(
  text: string | undefined,
  allowed: readonly T[],
  byDefault: NoInfer<T>,
): T {
  if (text === undefined) return byDefault;
  const format = allowed.find((name) => name === text);
  if (format !== undefined) return format;
  throw new UsageError(`unknown output format "${text}": -o takes ${allowed.join(", ")}`);
}

/** Prints a value for scripts. */
export async function printStructured(
  io: Io,
  format: "json" | "yaml",
  value: unknown,
): Promise<void> {
  if (format === "json") return io.out(JSON.stringify(value, null, 2) + "\n");
  const { dump } = await import("js-yaml");
  io.out(dump(value, { lineWidth: -1, noRefs: true }));
}
