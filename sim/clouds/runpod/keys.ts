/**
 * Who is calling, by key.
 *
 * @module
 */

import type { Account } from "./account.ts";
import type { RunpodBehaviour } from "./behaviour.ts";

/** A caller. */
export type Caller =
  /** An account's own key. */
  | { readonly kind: "owner"; readonly key: string; readonly account: Account }
  /** A key without the right to the account: scoped, or of a pod. */
  | { readonly kind: "restricted"; readonly key: string }
  /** No key at all. */
  | { readonly kind: "nobody" }
  /** A key that never worked, or no longer does. */
  | { readonly kind: "unknown" };

/** The keys that there are. */
export interface Keyring {
  /** Accounts by key. */
  readonly owners: ReadonlyMap<string, Account>;
  readonly restricted: ReadonlySet<string>;
}

/** Tells who is calling. @param viaUrl Whether `?api_key=` counts, as it does for GraphQL. */
export function identify(
  request: Request,
  keyring: Keyring,
  { revoked, seenAs }: RunpodBehaviour,
  viaUrl: boolean,
): Caller {
  const header = request.headers.get("authorization");
  const inUrl = viaUrl ? new URL(request.url).searchParams.get("api_key") : null;
  if (header === null && inUrl === null) return { kind: "nobody" };
  const key = header === null ? inUrl ?? "" : /^Bearer (.+)$/.exec(header)?.[1] ?? "";
  const account = keyring.owners.get(key);
  if (revoked || (account === undefined && !keyring.restricted.has(key))) {
    return { kind: "unknown" };
  }
  if (seenAs === "nobody") return { kind: "nobody" };
  if (account === undefined || seenAs === "restricted") return { kind: "restricted", key };
  return { kind: "owner", key, account };
}
