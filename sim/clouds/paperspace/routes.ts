/**
 * Which request is which operation.
 *
 * Not served, and answered as unknown routes: snapshots, accessors, desktops, and the making of custom
 * templates.
 *
 * @module
 */

import { Refusal } from "./errors.ts";
import type { PaperspaceOperation } from "./faults.ts";

/** Where a request goes. */
export interface Route {
  readonly operation: PaperspaceOperation;
  /** The id or address in the path. */
  readonly id: string;
}

const routes: readonly (readonly [PaperspaceOperation, method: string, template: string])[] = [
  ["auth-session", "GET", "/auth/session"],
  ["billing-accountStanding", "GET", "/billing/account-standing"],
  ["machineAvailability-list", "GET", "/machine-availability"],
  ["osTemplates-list", "GET", "/os-templates"],
  ["customTemplates-list", "GET", "/custom-templates"],
  ["customTemplates-get", "GET", "/custom-templates/{id}"],
  ["machines-list", "GET", "/machines"],
  ["machines-create", "POST", "/machines"],
  ["machines-get", "GET", "/machines/{id}"],
  ["machines-update", "PUT", "/machines/{id}"],
  ["machines-delete", "DELETE", "/machines/{id}"],
  ["machines-start", "PATCH", "/machines/{id}/start"],
  ["machines-stop", "PATCH", "/machines/{id}/stop"],
  ["machines-restart", "PATCH", "/machines/{id}/restart"],
  ["machineEvents-list", "GET", "/machine-events"],
  ["machineEvents-get", "GET", "/machine-events/{id}"],
  ["startupScripts-list", "GET", "/startup-scripts"],
  ["startupScripts-create", "POST", "/startup-scripts"],
  ["startupScripts-get", "GET", "/startup-scripts/{id}"],
  ["startupScripts-update", "PUT", "/startup-scripts/{id}"],
  ["startupScripts-delete", "DELETE", "/startup-scripts/{id}"],
  ["startupScripts-assign", "POST", "/startup-scripts/{id}/assign"],
  ["startupScripts-unassign", "POST", "/startup-scripts/{id}/unassign"],
  ["publicIps-list", "GET", "/public-ips"],
  ["publicIps-claim", "POST", "/public-ips"],
  ["publicIps-assign", "PUT", "/public-ips/{id}"],
  ["publicIps-release", "DELETE", "/public-ips/{id}"],
  ["privateNetworks-list", "GET", "/private-networks"],
  ["privateNetworks-create", "POST", "/private-networks"],
  ["privateNetworks-get", "GET", "/private-networks/{id}"],
  ["privateNetworks-update", "PUT", "/private-networks/{id}"],
  ["privateNetworks-delete", "DELETE", "/private-networks/{id}"],
];

const prefix = "/v1";

const patterns = routes.map(([operation, method, template]) => ({
  operation,
  method,
  pattern: new RegExp(`^${template.replace("{id}", "([^/]+)")}$`),
}));

/** Operations that need no key. */
export const openOperations: ReadonlySet<PaperspaceOperation> = new Set(["osTemplates-list"]);

/** Finds the operation; a refusal where there is none. */
export function findRoute(request: Request): Route | Refusal {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : undefined;
  if (path === undefined) return new Refusal("NOT_FOUND");
  const matching = patterns.filter(({ pattern }) => pattern.test(path));
  const route = matching.find(({ method }) => method === request.method);
  if (route === undefined) {
    return new Refusal(matching.length === 0 ? "NOT_FOUND" : "METHOD_NOT_SUPPORTED");
  }
  const id = route.pattern.exec(path)?.[1] ?? "";
  return { operation: route.operation, id: decode(id) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
