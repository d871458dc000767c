/**
 * Template labels that GPU feature discovery sets: they may repeat what requirements already make
 * certain, and nothing else.
 *
 * Offers are matched with these labels predicted. A template that writes its own makes the prediction
 * come true on paper for every machine, until GPU feature discovery writes what is really there.
 *
 * @module
 */

import {
  isSubset,
  type Requirements,
  requirementsOfLabels,
} from "../../../scheduling/requirements.ts";
import { findGpuModelByProduct } from "../../../schemas/gpu_models.ts";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import type { NodeTerms } from "./node_terms.ts";
import { deny, type Violation } from "./violation.ts";

const predicted = [labelKeys.nvidiaProduct, labelKeys.nvidiaMemory, labelKeys.nvidiaCount] as const;

/** Every label that says more of GPUs than the requirements do. */
export function checkGpuLabels(
  { labels }: NodeTerms,
  requirements: Requirements,
): readonly Violation[] {
  return predicted.flatMap((key) => {
    const value = Object.hasOwn(labels.value, key) ? labels.value[key] : undefined;
    if (value === undefined || isCertain(key, value, requirements)) return [];
    return [deny(
      `${labels.path}[${key}]`,
      `machines set this label themselves, and the requirements allow others than "${value}"`,
      `to buy only such machines, require ${key} In (${value}) instead`,
    )];
  });
}

/** Whether every machine that the requirements allow has this label anyway. */
function isCertain(
  key: typeof predicted[number],
  value: string,
  requirements: Requirements,
): boolean {
  if (isSubset(requirements, requirementsOfLabels({ [key]: value }))) return true;
  const implied = impliedBy(key, value);
  return implied !== undefined && isSubset(requirements, requirementsOfLabels(implied));
}

/** The same in our own labels. */
function impliedBy(
  key: typeof predicted[number],
  value: string,
): Readonly<Record<string, string>> | undefined {
  if (key === labelKeys.nvidiaCount) return { [labelKeys.gpuCount]: value };
  if (key !== labelKeys.nvidiaProduct) return undefined;
  const model = findGpuModelByProduct(value);
  return model === undefined ? undefined : { [labelKeys.gpuModel]: model.id };
}
