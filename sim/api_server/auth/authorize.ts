/**
 * Authorization: who may do what. Masters everything, kubelets what kubelets need, all others what their
 * roles say.
 *
 * @module
 */

import { ApiError, forbidden } from "../api_error.ts";
import type { Core } from "../core.ts";
import type { AccessQuestion, RequestInfo } from "../request_info.ts";
import { nodeAllows, nodeNameOf } from "./node_authorizer.ts";
import { rbacAllows, requestedName } from "./rbac.ts";
import { mastersGroup, type User } from "./user.ts";

/** Whether a user may make a request. */
export function isAllowed({ store }: Core, user: User, info: AccessQuestion): boolean {
  if (user.groups.includes(mastersGroup)) return true;
  const nodeName = nodeNameOf(user);
  if (nodeName !== undefined && nodeAllows(store, nodeName, info)) return true;
  return rbacAllows(store, user, info);
}

/** @throws {ApiError} 403 in the real server's words. */
export function assertAllowed(core: Core, user: User, info: RequestInfo): void {
  if (isAllowed(core, user, info)) return;
  if (info.kind === "path") {
    const why = `User "${user.name}" cannot ${info.verb} path "${info.path}"`;
    throw new ApiError(403, "Forbidden", `forbidden: ${why}`, {});
  }
  const { group, plural, namespace, subresource, verb } = info;
  const resource = subresource === "" ? plural : `${plural}/${subresource}`;
  const where = namespace === "" || plural === "namespaces"
    ? "at the cluster scope"
    : `in the namespace "${namespace}"`;
  const why =
    `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  throw forbidden({ group, plural }, requestedName(info), why);
}
