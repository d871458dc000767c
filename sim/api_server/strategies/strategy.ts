/**
 * What is particular about one kind: the rules a Kubernetes registry keeps beside its schema.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import type { Cause } from "../api_error.ts";
import type { User } from "../auth/user.ts";

/** What a rule may look at beside the object. */
export interface WriteContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly user: User;
  /** The subresource written through, if any. */
  readonly subresource: string | undefined;
  /** Why a CEL rule cannot be used, if it cannot. */
  readonly findRuleFault: (rule: string) => string | undefined;
  /** Reads another object: resource as `plural` or `plural.group`. */
  readonly find: (resource: string, namespace: string, name: string) => ApiObject | undefined;
}

/** The rules of one kind; each is pure and may be absent. */
export interface Strategy {
  /** Fills in what the kind's defaulting fills in, on every write. */
  readonly defaults?: (object: ApiObject) => ApiObject;
  /** Adjusts an object before it is created: what users may not set is reset. */
  readonly prepareForCreate?: (object: ApiObject, context: WriteContext) => ApiObject;
  /** Adjusts an object before it replaces another. */
  readonly prepareForUpdate?: (
    next: ApiObject,
    previous: ApiObject,
    context: WriteContext,
  ) => ApiObject;
  /** Every reason why an object is refused. */
  readonly validate?: (
    next: ApiObject,
    previous: ApiObject | undefined,
    context: WriteContext,
  ) => readonly Cause[];
  /** Fields that field selectors may name, beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields?: (object: ApiObject) => Readonly<Record<string, string>>;
  /**
   * Seconds that a deletion waits, for kinds that end gracefully.
   *
   * @param requested What the client asked for, if it did.
   */
  readonly gracePeriodSeconds?: (object: ApiObject, requested: number | undefined) => number;
  /** What setting `deletionTimestamp` changes beside it (a namespace's phase). */
  readonly prepareForDelete?: (object: ApiObject) => ApiObject;
}

/** A kind without rules of its own. */
export const plainStrategy: Strategy = {};
