/**
 * `kubectl apply -k` for machines without kubectl: reads a kustomization's resources and applies them.
 *
 * @module
 */

import { loadAll } from "js-yaml";
import type { Kube } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";

/** Reads every document of a YAML file. */
export async function readObjects(path: URL): Promise<readonly KubernetesObject[]> {
  const documents: unknown[] = [];
  loadAll(await Deno.readTextFile(path), (document) => documents.push(document));
  return documents.filter(isObject);
}

/** Reads the resources of a kustomization, in its order; nested ones are followed. */
export async function readKustomization(folder: URL): Promise<readonly KubernetesObject[]> {
  const [kustomization] = await readObjects(new URL("kustomization.yaml", folder));
  const { resources, namespace } = kustomization as unknown as {
    readonly resources?: readonly string[];
    readonly namespace?: string;
  };
  const objects: KubernetesObject[] = [];
  for (const resource of resources ?? []) {
    const nested = !/\.ya?ml$/.test(resource);
    const found = nested
      ? await readKustomization(new URL(`${resource.replace(/\/?$/, "/")}`, folder))
      : await readObjects(new URL(resource, folder));
    objects.push(...found);
  }
  return namespace === undefined
    ? objects
    : objects.map((object) => inNamespace(object, namespace));
}

/** Applies objects, definitions first, so that what they define can be applied, too. */
export async function applyObjects(
  kube: Kube,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const order = ["Namespace", "CustomResourceDefinition"];
  const rank = ({ kind }: KubernetesObject) => {
    const index = order.indexOf(kind);
    return index < 0 ? order.length : index;
  };
  for (const object of [...objects].sort((left, right) => rank(left) - rank(right))) {
    const type = await findType(kube, object);
    await kube.apply(type, object, { fieldManager: "tgp-demo", force: true });
  }
}

async function findType(
  kube: Kube,
  { apiVersion, kind }: KubernetesObject,
): Promise<ResourceType<KubernetesObject>> {
  const [version = "v1", group = ""] = apiVersion.split("/").reverse();
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources = [] } = await kube.getRaw(path) as {
    readonly resources?: readonly {
      readonly name: string;
      readonly kind: string;
      readonly namespaced: boolean;
    }[];
  };
  const found = resources.find((resource) =>
    resource.kind === kind && !resource.name.includes("/")
  );
  if (!found) throw new Error(`Cannot apply ${kind}: the API server does not serve ${apiVersion}`);
  const { name: plural, namespaced } = found;
  return { group, version, kind, plural, namespaced, parse: (raw) => raw as KubernetesObject };
}

function isObject(document: unknown): document is KubernetesObject {
  return typeof document === "object" && document !== null;
}

function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  const { metadata } = object;
  if (metadata.namespace !== undefined) return object;
  const clusterScoped = /^(Namespace|CustomResourceDefinition|ClusterRole|ClusterRoleBinding)$/;
  return clusterScoped.test(object.kind)
    ? object
    : { ...object, metadata: { ...metadata, namespace } };
}
