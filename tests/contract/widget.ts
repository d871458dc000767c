/**
 * A small custom resource for the cases: a Widget, with every kind of rule.
 *
 * @module
 */

import { getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCluster } from "./cluster.ts";
import { eventually, findCondition, send } from "./steps.ts";

/** Where Widgets of a group live, cluster-wide. */
export interface WidgetKind {
  readonly group: string;
  readonly path: string;
  readonly crdPath: string;
}

const conditions = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["type", "status"],
    properties: {
      type: { type: "string" },
      status: { type: "string" },
      reason: { type: "string" },
    },
  },
};

const spec = {
  type: "object",
  description: "What is wanted",
  required: ["size"],
  "x-kubernetes-validations": [
    {
      rule: "!has(self.min) || !has(self.max) || self.min <= self.max",
      message: "min must not exceed max",
    },
  ],
  properties: {
    size: { type: "string", enum: ["small", "large"], description: "How big it is" },
    min: { type: "integer", minimum: 1 },
    max: { type: "integer", maximum: 10 },
    code: { type: "string", pattern: "^[a-z]+$", maxLength: 5, minLength: 2 },
    count: { type: "integer", default: 3 },
    amount: { "x-kubernetes-int-or-string": true },
    frozen: {
      type: "string",
      maxLength: 20,
      "x-kubernetes-validations": [{
        rule: "self == oldSelf",
        message: "frozen is immutable",
        reason: "FieldValueForbidden",
      }],
    },
    tags: {
      type: "array",
      maxItems: 5,
      "x-kubernetes-list-type": "set",
      items: { type: "string", maxLength: 10 },
    },
    parts: {
      type: "array",
      maxItems: 3,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", maxLength: 10 },
          weight: { type: "integer", default: 1 },
        },
        "x-kubernetes-validations": [{
          rule: "self.name != 'bad'",
          messageExpression: "'part ' + self.name + ' is not allowed'",
        }],
      },
    },
    settings: { type: "object", maxProperties: 5, additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    note: { type: "string", nullable: true },
  },
};

/** The CustomResourceDefinition of Widgets in a group. */
export function widgetDefinition(group: string): Json {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Cluster",
      names: {
        plural: "widgets",
        singular: "widget",
        kind: "Widget",
        shortNames: ["wd"],
        categories: ["toys"],
      },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: "Size", type: "string", jsonPath: ".spec.size" },
          {
            name: "Ready",
            type: "string",
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
          { name: "Count", type: "integer", jsonPath: ".spec.count", priority: 1 },
          { name: "Tags", type: "string", jsonPath: ".spec.tags[*]", priority: 1 },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec,
              status: {
                type: "object",
                properties: { phase: { type: "string" }, conditions },
              },
            },
          },
        },
      }],
    },
  };
}

/** Defines Widgets in a group of this case's own, and waits until they are served. */
export async function defineWidgets(cluster: ContractCluster): Promise<WidgetKind> {
  const group = `${cluster.unique("g")}.example.com`;
  const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await send(cluster, "POST", crds, { body: widgetDefinition(group) });
  const crdPath = `${crds}/widgets.${group}`;
  const path = `/apis/${group}/v1/widgets`;
  await eventually(cluster, "widgets are served", async () => {
    const crd = await send(cluster, "GET", crdPath);
    if (findCondition(crd, "Established")?.status !== "True") return undefined;
    // On a real server the condition comes a moment before every handler knows.
    return (await cluster.request("GET", path)).status === 200 ? true : undefined;
  });
  return { group, path, crdPath };
}

/** A Widget. */
export function widgetBody(
  { group }: WidgetKind,
  name: string,
  widgetSpec: Readonly<Record<string, Json>> = {},
): Json {
  return {
    apiVersion: `${group}/v1`,
    kind: "Widget",
    metadata: { name },
    spec: { size: "small", ...widgetSpec },
  };
}

/** Makes a Widget. @returns It, as stored. */
export async function makeWidget(
  cluster: ContractCluster,
  kind: WidgetKind,
  name: string,
  widgetSpec: Readonly<Record<string, Json>> = {},
): Promise<Json> {
  return await send(cluster, "POST", kind.path, { body: widgetBody(kind, name, widgetSpec) });
}

/** The generation of an object. */
export function generationOf(object: Json): Json | undefined {
  return getIn(object, "metadata", "generation");
}
