/**
 * Authentication: who makes a request.
 *
 * @module
 */

import type { Peer } from "../../handler.ts";
import { unauthorized } from "../api_error.ts";
import { findBootstrapUser } from "./bootstrap_token.ts";
import type { Store } from "../storage/store.ts";
import { anonymousUser, type User } from "./user.ts";

/** Users by bearer token, beside those that Secrets hold. */
export type StaticTokens = ReadonlyMap<string, User>;

const authenticatedGroup = "system:authenticated";

function withGroup(user: User): User {
  return { name: user.name, groups: [...user.groups, authenticatedGroup] };
}

/**
 * Finds out who makes a request: by client certificate, else by bearer token, else nobody.
 *
 * @throws {ApiError} 401 for a token that is not known, or no longer.
 */
export function authenticate(
  store: Store,
  tokens: StaticTokens,
  { request, peer, nowMs }: {
    readonly request: Request;
    readonly peer: Peer;
    readonly nowMs: number;
  },
): User {
  const { certificate } = peer;
  if (certificate) {
    return withGroup({ name: certificate.commonName, groups: certificate.organizations });
  }
  const header = request.headers.get("Authorization");
  if (header === null) return anonymousUser;
  const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1] ?? "";
  const user = tokens.get(token) ?? findBootstrapUser(store, token, nowMs);
  if (!user) throw unauthorized();
  return withGroup(user);
}
