/**
 * Acting as somebody else: `kubectl --as`.
 *
 * @module
 */

import { forbidden } from "../api_error.ts";
import type { Core } from "../core.ts";
import { isAllowed } from "./authorize.ts";
import type { User } from "./user.ts";

/**
 * The user that a request acts as: the one in its `Impersonate-` headers, else who makes it.
 *
 * @throws {ApiError} 403 for somebody who may not act as that user.
 */
export function impersonate(core: Core, user: User, headers: Headers): User {
  const name = headers.get("Impersonate-User");
  if (name === null) return user;
  const groups = (headers.get("Impersonate-Group") ?? "").split(",").map((one) => one.trim())
    .filter((one) => one !== "");
  assertMay(core, user, "users", name);
  for (const group of groups) assertMay(core, user, "groups", group);
  return { name, groups: [...groups, "system:authenticated"] };
}

function assertMay(core: Core, user: User, plural: string, name: string): void {
  const allowed = isAllowed(core, user, {
    kind: "resource",
    verb: "impersonate",
    group: "",
    version: "v1",
    plural,
    namespace: "",
    name,
    subresource: "",
    query: new URLSearchParams(),
  });
  if (allowed) return;
  const why = `User "${user.name}" cannot impersonate resource "${plural}" in API group "" at the` +
    " cluster scope";
  throw forbidden({ group: "", plural }, name, why);
}
