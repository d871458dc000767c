/**
 * The metadata that only the server writes.
 *
 * @module
 */

import type { Random } from "../../../runtime/random.ts";
import { type ApiObject, toTimestamp, withMetadata } from "../api_object.ts";
import { equalJson, type Json } from "../json.ts";
import { hasStatus, type ResourceDefinition } from "../resources/resource_definition.ts";

/** The letters of generated names: no vowels and no look-alikes, as in k8s.io/apimachinery `rand`. */
const nameLetters = "bcdfghjklmnpqrstvwxz2456789";

/** Letters appended to `generateName`. */
const suffixLength = 5;

/** `generateName` may fill what the suffix leaves of a name of 63 characters. */
const longestPrefix = 63 - suffixLength;

/** A version 4 UUID. */
export function createUid(random: Random): string {
  const digit = (choices: number, from: number) =>
    (from + Math.floor(random.next() * choices)).toString(16);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(
    /[xy]/g,
    (place) => place === "x" ? digit(16, 0) : digit(4, 8),
  );
}

/** A name that starts with `prefix`. */
export function generateName(random: Random, prefix: string): string {
  let name = prefix.slice(0, longestPrefix);
  for (let count = 0; count < suffixLength; count++) {
    name += nameLetters.charAt(Math.floor(random.next() * nameLetters.length));
  }
  return name;
}

/** Stamps a new object. */
export function stampNew(
  definition: ResourceDefinition,
  object: ApiObject,
  { nowMs, uid }: { readonly nowMs: number; readonly uid: string },
): ApiObject {
  return withMetadata(object, {
    uid,
    creationTimestamp: toTimestamp(nowMs),
    generation: definition.tracksGeneration ? 1 : undefined,
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
}

/** Carries over what an update cannot change, and counts the generation when what is wanted changed. */
export function stampUpdate(
  definition: ResourceDefinition,
  next: ApiObject,
  previous: ApiObject,
): ApiObject {
  const { metadata } = previous;
  const generation = metadata.generation ?? 0;
  const changed = definition.tracksGeneration && wantsChanged(definition, next, previous);
  return withMetadata(next, {
    name: metadata.name,
    namespace: metadata.namespace,
    generateName: metadata.generateName,
    uid: metadata.uid,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    resourceVersion: metadata.resourceVersion,
    generation: changed ? generation + 1 : metadata.generation,
    selfLink: undefined,
  });
}

/** Whether anything but metadata and (where it is a subresource) status differs. */
function wantsChanged(definition: ResourceDefinition, next: ApiObject, previous: ApiObject) {
  const wanted = (object: ApiObject): Json => {
    const { metadata: _metadata, status, ...rest } = object;
    return hasStatus(definition) ? rest : { ...rest, status };
  };
  return !equalJson(wanted(next), wanted(previous));
}
