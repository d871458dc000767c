/**
 * What every part of the server works with.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { ApiObject } from "./api_object.ts";
import type { User } from "./auth/user.ts";
import type { ResourceRequest } from "./request_info.ts";
import type { Registry } from "./resources/registry.ts";
import type { ResourceDefinition } from "./resources/resource_definition.ts";
import type { RuleChecker } from "./schema/rules.ts";
import type { Store } from "./storage/store.ts";
import type { Rehearsal } from "./write/rehearsal.ts";

/** Reaches webhooks: whatever answers at their URLs. */
export type WebhookFetch = (request: Request) => Promise<Response>;

/** The server's collaborators and state. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly registry: Registry;
  /** Aborts when the server is closed: ends all watches. */
  readonly closed: AbortSignal;
  /** Checks CEL rules. */
  readonly rules: RuleChecker;
  /** Reaches webhooks; without it none can be. */
  readonly fetchWebhook?: WebhookFetch | undefined;
  /** JSON text of a stored object; remembered, since objects never change. */
  readonly encode: (object: ApiObject) => string;
}

/** One request for a resource, authenticated and resolved. */
export interface ResourceCall {
  readonly info: ResourceRequest;
  readonly definition: ResourceDefinition;
  /** Empty for cluster-scoped resources. */
  readonly namespace: string;
  readonly user: User;
  readonly request: Request;
  readonly warnings: string[];
  /** Set for writes that webhooks are asked about. */
  readonly rehearsal?: Rehearsal;
}

/** A `Core.encode` with its own memory. */
export function createEncoder(): (object: ApiObject) => string {
  const texts = new WeakMap<ApiObject, string>();
  return (object) => {
    let text = texts.get(object);
    if (text === undefined) {
      text = JSON.stringify(object);
      texts.set(object, text);
    }
    return text;
  };
}
