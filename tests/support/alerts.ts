/**
 * The alerts of `manifests/components/prometheus-rules/`.
 *
 * @module
 */

import { load } from "js-yaml";

/** One alert. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Every alert, in order. */
export async function readAlerts(): Promise<readonly Alert[]> {
  const path = "../../manifests/components/prometheus-rules/rules.yaml";
  const { spec } = load(await Deno.readTextFile(new URL(path, import.meta.url))) as {
    spec: { groups: readonly { readonly rules: readonly Alert[] }[] };
  };
  return spec.groups.flatMap(({ rules }) => rules);
}

/** The labels that an expression wants of its metrics: those it selects by, and those it keeps. */
export function readLabels(expr: string): readonly string[] {
  const selected = [...expr.matchAll(/\b(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label);
  const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) =>
    list.split(/,\s*/)
  );
  return [...new Set([...selected, ...kept])].filter((label) =>
    label !== undefined && label !== "le"
  )
    .map(String);
}

/** The metrics of an expression, without the suffixes of histograms. */
export function readMetricNames(expr: string): readonly string[] {
  return [
    ...new Set([...expr.matchAll(/\btgp_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""))),
  ];
}

/** Label names of every metric in a scrape, by the metric's name. */
export function readScrape(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name = "", labels = ""] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = found.get(name.replace(/_(bucket|sum|count)$/, "")) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    found.set(name.replace(/_(bucket|sum|count)$/, ""), known);
  }
  return found;
}
