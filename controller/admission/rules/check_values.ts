/**
 * Values in requirements that no label ever has: mistyped, or another notation. Warnings only, since
 * clouds add models and places.
 *
 * @module
 */

import { findCloud, parseProviderName, providerNames } from "../../../providers/known_clouds.ts";
import { findNearest } from "../../../scheduling/label_hint.ts";
import { gpuModels, suggestGpuModels } from "../../../schemas/gpu_models.ts";
import { labels } from "../../../schemas/labels.ts";
import type { GPUNodeClass } from "../../../schemas/node_class.ts";
import { continentOf } from "../../../schemas/regions.ts";
import type { AdmissionContext } from "../context/admission_context.ts";
import type { NodeTerms } from "./node_terms.ts";
import { type Violation, warn } from "./violation.ts";

/** What is known of one label's values. */
interface Vocabulary {
  /** In a sentence: `GPU model`. */
  readonly noun: string;
  readonly knows: (value: string, nodeClass: GPUNodeClass | undefined) => boolean;
  /** What may have been meant, for people. */
  readonly suggest: (value: string, nodeClass: GPUNodeClass | undefined) => readonly string[];
  /** What there is, where nothing comes near. */
  readonly choice: string;
}

const modelIds: ReadonlySet<string> = new Set(gpuModels.map(({ id }) => id));
const products: ReadonlySet<string> = new Set(gpuModels.flatMap(({ product }) => product ?? []));

const vocabularies: ReadonlyMap<string, Vocabulary> = new Map([
  [labels.gpuModel, {
    noun: "GPU model",
    knows: (value) => modelIds.has(value),
    suggest: (value) => suggestModels(value),
    choice: "kubectl tgp offers lists them",
  }],
  [labels.nvidiaProduct, {
    noun: "NVIDIA product",
    knows: (value) => products.has(value),
    suggest: (value) => nearestOf(value, products),
    choice: `write a requirement on ${labels.gpuModel} instead`,
  }],
  [labels.provider, fixed("cloud", providerNames, { suggest: canonicalProvider })],
  [labels.capacityType, fixed("capacity type", ["on-demand", "spot", "reserved"])],
  [
    labels.arch,
    fixed("architecture", ["amd64", "arm64"], { meant: { x86_64: "amd64", aarch64: "arm64" } }),
  ],
  [labels.os, fixed("operating system", ["linux"])],
  [labels.continent, fixed("continent", ["na", "sa", "eu", "as", "me", "af", "oc"])],
  [labels.country, {
    noun: "country",
    knows: (value) => continentOf(value) !== undefined,
    suggest: (value) => suggestCountries(value),
    choice: 'write an ISO 3166 code such as "us" or "de"',
  }],
  [labels.region, {
    noun: "region",
    knows: (value, nodeClass) => knownRegionLabels(nodeClass).has(value),
    suggest: (value, nodeClass) => suggestRegions(value, knownRegionLabels(nodeClass)),
    choice: "write the cloud and its code, such as lambda-us-east-1",
  }],
  [labels.account, {
    noun: "account of the class",
    knows: (value, nodeClass) => nodeClass === undefined || accountsOf(nodeClass).includes(value),
    suggest: (value, nodeClass) =>
      nodeClass === undefined ? [] : nearestOf(value, accountsOf(nodeClass)),
    choice: "write a name from its spec.providers",
  }],
]);

/** Every listed value that is not known. */
export function checkValues(terms: NodeTerms, context: AdmissionContext): readonly Violation[] {
  const { requirements: { value: requirements, path }, className } = terms;
  const violations: Violation[] = [];
  for (const [index, { key, values = [] }] of requirements.entries()) {
    const vocabulary = vocabularies.get(key);
    if (vocabulary === undefined) continue;
    const nodeClass = context.nodeClass(className);
    for (const [position, value] of values.entries()) {
      if (vocabulary.knows(value, nodeClass)) continue;
      if (context.offers(className).valuesOf(key).has(value)) continue;
      const meant = vocabulary.suggest(value, nodeClass);
      violations.push(warn(
        `${path}[${index}].values[${position}]`,
        `no ${vocabulary.noun} is called "${value}"`,
        meant.length === 0 ? vocabulary.choice : `did you mean ${joinChoice(meant)}?`,
      ));
    }
  }
  return violations;
}

function fixed(
  noun: string,
  values: readonly string[],
  options: {
    readonly meant?: Readonly<Record<string, string>>;
    readonly suggest?: (value: string) => readonly string[];
  } = {},
): Vocabulary {
  const { meant = {}, suggest = () => [] } = options;
  return {
    noun,
    knows: (value) => values.includes(value),
    suggest(value) {
      if (Object.hasOwn(meant, value)) return [meant[value] ?? ""];
      const suggested = suggest(value);
      return suggested.length > 0 ? suggested : nearestOf(value, values);
    },
    choice: `write ${joinChoice(values)}`,
  };
}

function canonicalProvider(text: string): readonly string[] {
  try {
    return [parseProviderName(text)];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [];
  }
}

function suggestModels(value: string): readonly string[] {
  const byWords = suggestGpuModels(value);
  return byWords.length > 0 ? byWords.slice(0, 4) : nearestOf(value, modelIds);
}

/** People write countries in capitals, and the United Kingdom by its other code. */
function suggestCountries(value: string): readonly string[] {
  const lower = value.toLowerCase();
  if (lower === "uk") return ["gb"];
  return continentOf(lower) === undefined ? [] : [lower];
}

/** A code without its cloud is what is mistaken most. */
function suggestRegions(value: string, known: ReadonlySet<string>): readonly string[] {
  const suffix = `-${value.toLowerCase()}`;
  const qualified = [...known].filter((label) => label.endsWith(suffix));
  return qualified.length > 0 ? qualified.slice(0, 4) : nearestOf(value, known);
}

function nearestOf(value: string, known: Iterable<string>): readonly string[] {
  const nearest = findNearest(value, known);
  return nearest === undefined ? [] : [nearest];
}

function accountsOf({ spec }: GPUNodeClass): readonly string[] {
  return spec.providers.map(({ name }) => name);
}

/** Of the clouds that the class lists, or of all while there is none. */
function knownRegionLabels(nodeClass: GPUNodeClass | undefined): ReadonlySet<string> {
  const entries = nodeClass?.spec.providers ?? providerNames.map((name) => ({ name }));
  return new Set(entries.flatMap((entry) => {
    const [provider] = canonicalProvider("provider" in entry && entry.provider || entry.name);
    const known = providerNames.find((name) => name === provider);
    if (known === undefined) return [];
    const { knownRegions, locate } = findCloud(known);
    return knownRegions(entry).map((region) => locate(region).label);
  }));
}

/** `a`, `a or b`, `a, b or c`. */
function joinChoice(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
