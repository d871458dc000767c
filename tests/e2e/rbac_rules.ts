/**
 * The controller's permissions, one by one, and which of them a request needs.
 *
 * @module
 */

import { loadAll } from "js-yaml";
import type { AuditEvent } from "./control_plane/audit.ts";

/** One verb on one resource in one place: what RBAC grants, taken apart. */
export interface Permission {
  readonly verb: string;
  /** `resource.group/subresource`, as `kubectl auth can-i` writes it. */
  readonly resource: string;
  /** Absent for the whole cluster. */
  readonly namespace?: string;
  /** Absent for any. */
  readonly name?: string;
}

interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The permissions that roles of a YAML text grant. */
export function readPermissions(text: string): readonly Permission[] {
  const objects: RoleObject[] = [];
  loadAll(text, (object) => objects.push(object as RoleObject));
  return objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role").flatMap(
    ({ metadata: { namespace }, rules = [] }) =>
      rules.flatMap(({ apiGroups = [], resources = [], resourceNames, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((path) =>
            verbs.flatMap((verb) =>
              (resourceNames ?? [undefined]).map((name) => ({
                verb,
                resource: toResource(group, path),
                ...(namespace === undefined ? {} : { namespace }),
                ...(name === undefined ? {} : { name }),
              }))
            )
          )
        )
      ),
  );
}

/** Whether the permission is one that allows the request. */
export function allows(permission: Permission, { verb, objectRef }: AuditEvent): boolean {
  if (!objectRef || permission.verb !== verb) return false;
  const { apiGroup = "", resource, subresource, namespace, name } = objectRef;
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return permission.resource === toResource(apiGroup, path) &&
    (permission.namespace === undefined || permission.namespace === namespace) &&
    (permission.name === undefined || permission.name === name);
}

/** `update leases.coordination.k8s.io =tgp-controller in tgp-system`. */
export function describe({ verb, resource, namespace, name }: Permission): string {
  const where = namespace === undefined ? "" : ` in ${namespace}`;
  return `${verb} ${resource}${name === undefined ? "" : ` =${name}`}${where}`;
}

/** A request in the same words. */
export function describeRequest({ verb, objectRef, requestURI }: AuditEvent): string {
  if (!objectRef) return `${verb} ${requestURI.replace(/\?.*/, "")}`;
  const { apiGroup = "", resource, subresource, namespace } = objectRef;
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return describe({
    verb,
    resource: toResource(apiGroup, path),
    ...(namespace === undefined ? {} : { namespace }),
  });
}

function toResource(group: string, path: string): string {
  if (group === "") return path;
  const [resource = "", subresource] = path.split("/");
  return `${resource}.${group}${subresource === undefined ? "" : `/${subresource}`}`;
}
