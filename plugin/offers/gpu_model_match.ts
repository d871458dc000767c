/**
 * Which GPU models a word means.
 *
 * A word is a family and, after dashes, more and more of the rest: `H100` means every H100, `H100-SXM`
 * those on SXM boards, `A100-80GB` those with 80 GB. A family is matched whole: `A10` is not `A100`; and so is a whole canonical name.
 *
 * @module
 */

import { findGpuModel, gpuModels, suggestGpuModels } from "../../schemas/gpu_models.ts";
import { UsageError } from "../plugin_error.ts";

/** Whether a word means this model. */
export function matchesModel(word: string, model: string): boolean {
  // A whole name is that card alone: `RTX-3090-24GB` is not the Ti of that size.
  const exact = findGpuModel(word);
  if (exact !== undefined) return exact.id === model.toUpperCase();
  const [family, ...rest] = word.toUpperCase().split("-");
  const parts = model.toUpperCase().split("-");
  if (parts.shift() !== family) return false;
  for (const wanted of rest) {
    const found = parts.findIndex((part) => part === wanted || isFormFamily(wanted, part));
    if (found < 0) return false;
    parts.splice(0, found + 1);
  }
  return true;
}

/** `SXM` means `SXM4` and `SXM5`. */
function isFormFamily(wanted: string, part: string): boolean {
  return /^[A-Z]+$/.test(wanted) && part.startsWith(wanted) &&
    /^\d+$/.test(part.slice(wanted.length));
}

/**
 * The word in our spelling: unchanged if it matches something, else the one model it can mean
 * (`RTX4090` is `RTX-4090-24GB`).
 *
 * @param offered Models on offer, ones that our table does not know included.
 * @throws {UsageError} If it means nothing, or several different cards; names the candidates.
 */
export function resolveModelWord(word: string, offered: readonly string[]): string {
  const known = [...gpuModels.map(({ id }) => id), ...offered];
  if (known.some((model) => matchesModel(word, model))) return word;
  const candidates = suggestGpuModels(word.replace(/([a-z])(\d)/gi, "$1 $2"));
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (candidates.length > 1) {
    throw new UsageError(`${word} could be ${candidates.join(", ")}: write one of these names`);
  }
  const near = suggestGpuModels(word.split("-")[0] ?? word);
  throw new UsageError(
    `unknown GPU model "${word}"${near.length > 0 ? `: there are ${near.join(", ")}` : ""}`,
    near.length > 0 ? [] : [`Known models: ${listFamilies().join(", ")}`],
  );
}

function listFamilies(): readonly string[] {
  return [...new Set(gpuModels.map(({ id }) => id.split("-")[0] ?? id))];
}
