/**
 * CustomResourceDefinitions from the resource definitions.
 *
 * @module
 */

import { apiGroup } from "../schemas/labels.ts";
import {
  type PrinterColumn,
  type ResourceDefinition,
  resourceDefinitions,
} from "../schemas/definitions.ts";
import { toStructural } from "./structural.ts";
import type { StructuralSchema } from "./structural_schema.ts";
import { generatedHeader, toYaml } from "./yaml.ts";

/** `kubectl get tgp` lists the objects of every kind in this category. */
const category = "tgp";

/**
 * The CRD files, by path from the repository's root.
 *
 * @param version TGP's own, so that whoever looks at a cluster sees which one its kinds are of.
 */
export function generateCrds(version: string): Map<string, string> {
  const files = resourceDefinitions.map((definition) => ({
    name: `${apiGroup}_${definition.plural}.yaml`,
    object: toCrd(definition, version),
  }));
  const kustomization = {
    name: "kustomization.yaml",
    object: {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: files.map(({ name }) => name),
    },
  };
  return new Map([...files, kustomization].map(({ name, object }) => [
    `manifests/crds/${name}`,
    generatedHeader + toYaml(object),
  ]));
}

/** The CustomResourceDefinition of one resource. */
function toCrd(
  definition: ResourceDefinition,
  version: string,
): Readonly<Record<string, unknown>> {
  const { kind, plural, singular, shortNames, selectableFields = [] } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${apiGroup}`,
      labels: { "app.kubernetes.io/name": "tgp", "app.kubernetes.io/version": version },
    },
    spec: {
      group: apiGroup,
      scope: "Cluster",
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        shortNames,
        categories: [category],
      },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        ...(selectableFields.length > 0
          ? { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }
          : {}),
        additionalPrinterColumns: definition.columns.map(toColumn),
        schema: { openAPIV3Schema: toRootSchema(definition) },
      }],
    },
  };
}

/** The schema of a whole object. */
export function toRootSchema(definition: ResourceDefinition): StructuralSchema {
  return {
    description: definition.description,
    type: "object",
    "x-kubernetes-validations": [{
      rule: "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
      message:
        "must be lower-case letters, digits and dashes: it becomes part of labels and host names",
      fieldPath: ".metadata.name",
    }],
    required: ["spec"],
    properties: {
      apiVersion: { type: "string", description: `Always ${apiGroup}/v1` },
      kind: { type: "string", description: `Always ${definition.kind}` },
      metadata: {
        type: "object",
        properties: { name: { type: "string", maxLength: 63 } },
      },
      spec: toStructural(definition.spec),
      status: toStructural(definition.status, { rules: false }),
    },
  };
}

function toColumn(column: PrinterColumn): Readonly<Record<string, unknown>> {
  const { name, type, jsonPath, description } = column;
  return { name, type, jsonPath, description, ...(column.wide ? { priority: 1 } : {}) };
}
