/**
 * The committed chart, rendered as `helm template` would.
 *
 * @module
 */

import { load, loadAll } from "js-yaml";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { renderTemplate } from "./go_template.ts";

const chart = new URL("../../charts/tgp/", import.meta.url);

/** What differs from the chart's defaults. */
export interface ChartRelease {
  readonly namespace?: string;
  /** Laid over the chart's values, field by field. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Every object of a release. */
export async function renderChart(
  { namespace = "tgp-system", values = {} }: ChartRelease = {},
): Promise<readonly KubernetesObject[]> {
  const read = async (name: string) => await Deno.readTextFile(new URL(name, chart));
  const { appVersion } = load(await read("Chart.yaml")) as { readonly appVersion: string };
  const scope = {
    Values: overlay(load(await read("values.yaml")), values),
    Release: { Namespace: namespace },
    Chart: { AppVersion: appVersion },
  };
  const objects: KubernetesObject[] = [];
  for await (const { name } of Deno.readDir(new URL("templates/", chart))) {
    const text = renderTemplate(await read(`templates/${name}`), scope);
    if (!name.endsWith(".yaml")) continue;
    loadAll(text, (object) => object && objects.push(object as KubernetesObject));
  }
  return objects.sort((left, right) => toKey(left) < toKey(right) ? -1 : 1);
}

/** Kind, namespace and name: what objects are told apart by. */
export function toKey({ kind, metadata: { name, namespace = "" } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** The object without what only Helm reads. */
export function withoutHelm(object: KubernetesObject): KubernetesObject {
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("helm.sh/"));
  return {
    ...object,
    metadata: kept.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(kept) },
  };
}

function overlay(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    merged[key] = key in base ? overlay(base[key], value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
