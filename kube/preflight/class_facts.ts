/**
 * A GPUNodeClass as far as checks need it.
 *
 * Read field by field and not by the full schema: a class of another version is looked at, too, and loading
 * the schemas would slow the plugin down.
 *
 * @module
 */

import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { apiGroup } from "../../schemas/labels.ts";
import { Fields } from "../fields.ts";
import type { ResourceType } from "../resource.ts";

/** A condition. */
export interface ConditionFacts {
  readonly status: string;
  readonly message: string;
}

/** See the module. */
export interface ClassFacts extends KubernetesObject {
  readonly name: string;
  /** `host:port`; absent if machines of this class do not join by kubeadm. */
  readonly apiServerEndpoint: string | undefined;
  /** PEM certificates in base64. */
  readonly caBundle: string | undefined;
  readonly kubernetesVersion: string | undefined;
  readonly conditions: ReadonlyMap<string, ConditionFacts>;
  /** RFC 3339. */
  readonly lastCheckedTime: string | undefined;
}

/** GPUNodeClasses, as checks need them. */
export const classFacts: ResourceType<ClassFacts> = {
  group: apiGroup,
  version: "v1",
  kind: "GPUNodeClass",
  plural: "gpunodeclasses",
  namespaced: false,
  parse(raw) {
    const object = new Fields(raw);
    const metadata = object.fields("metadata");
    const name = metadata.requiredString("name");
    const kubeadm = object.fields("spec").fields("bootstrap").fields("kubeadm");
    const status = object.fields("status");
    return {
      apiVersion: object.string("apiVersion") ?? "",
      kind: "GPUNodeClass",
      metadata: { name, uid: metadata.string("uid") },
      name,
      apiServerEndpoint: kubeadm.string("apiServerEndpoint"),
      caBundle: kubeadm.string("caBundle"),
      kubernetesVersion: kubeadm.string("kubernetesVersion"),
      conditions: new Map(
        status.fieldsList("conditions").map((condition) => [
          condition.requiredString("type"),
          {
            status: condition.string("status") ?? "Unknown",
            message: condition.string("message") ?? "",
          },
        ]),
      ),
      lastCheckedTime: status.string("lastCheckedTime"),
    };
  },
};
