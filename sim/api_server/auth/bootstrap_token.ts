/**
 * Bootstrap tokens: Secrets that let a machine ask for its certificate.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go`, v1.36.0.
 *
 * @module
 */

import { asObject, asString, type JsonObject } from "../json.ts";
import { fromBase64 } from "../base64.ts";
import type { Store } from "../storage/store.ts";
import type { User } from "./user.ts";

/** The type that makes a Secret a bootstrap token. */
export const bootstrapTokenType = "bootstrap.kubernetes.io/token";

const tokenPattern = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const extraGroupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

function decode(data: JsonObject, key: string): string {
  try {
    return fromBase64(asString(data[key]) ?? "");
  } catch {
    return "";
  }
}

/** The user that a token makes, if its Secret is there, matches, has not expired and may sign in. */
export function findBootstrapUser(store: Store, token: string, nowMs: number): User | undefined {
  const [, id, secret] = tokenPattern.exec(token) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const stored = store.get("secrets", "kube-system", `bootstrap-token-${id}`);
  if (!stored || stored.type !== bootstrapTokenType || stored.metadata.deletionTimestamp) {
    return undefined;
  }
  const data = asObject(stored.data);
  if (decode(data, "token-id") !== id || decode(data, "token-secret") !== secret) return undefined;
  const expiration = decode(data, "expiration");
  // A time that cannot be read counts as past.
  if (expiration !== "" && !(Date.parse(expiration) > nowMs)) return undefined;
  if (decode(data, "usage-bootstrap-authentication") !== "true") return undefined;
  const extra = decode(data, "auth-extra-groups").split(",").map((one) => one.trim())
    .filter((one) => one !== "");
  if (!extra.every((group) => extraGroupPattern.test(group))) return undefined;
  return { name: `system:bootstrap:${id}`, groups: ["system:bootstrappers", ...extra] };
}
