/**
 * The part of an object that all kinds share.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";

/** Kind, name and times of an object. @throws {FieldError} */
export function readIdentity(object: Fields): KubernetesObject {
  const metadata = object.fields("metadata");
  return {
    apiVersion: object.string("apiVersion") ?? "",
    kind: object.string("kind") ?? "",
    metadata: {
      name: metadata.requiredString("name"),
      uid: metadata.string("uid"),
      creationTimestamp: metadata.string("creationTimestamp"),
      deletionTimestamp: metadata.string("deletionTimestamp"),
    },
  };
}

/** The same of an undecoded object, for lists that are to survive whatever else is in it. */
export function readRawIdentity(raw: unknown): KubernetesObject {
  return readIdentity(new Fields(raw));
}
