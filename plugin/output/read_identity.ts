/**
 * The part of an object that all kinds share.
 *
 * @module
 */

import type { Fields } from "../../kube/fields.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";

/** Kind, name and times of an object. @throws {FieldError} */
export function readIdentity(object: Fields): KubernetesObject {
  const metadata = object.fields("metadata");
  return {
    apiVersion: object.string("apiVersion") ?? "",
    kind: object.string("kind") ?? "",
    metadata: {
      name: metadata.requiredString("name"),
      creationTimestamp: metadata.string("creationTimestamp"),
      deletionTimestamp: metadata.string("deletionTimestamp"),
    },
  };
}
