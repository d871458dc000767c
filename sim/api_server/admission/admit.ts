/**
 * Admission: what may change or refuse a write after authorization.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { qualify } from "../api_error.ts";
import { nodeNameOf } from "../auth/node_authorizer.ts";
import type { Core, ResourceCall } from "../core.ts";
import { noteWrite } from "../write/rehearsal.ts";
import type { AdmittedWrite } from "./admitted_write.ts";
import { completePod } from "./complete_pod.ts";
import { restrictCertificates } from "./certificates.ts";
import { restrictNode } from "./node_restriction.ts";
import { taintNewNode } from "./taint_new_node.ts";

/** Admits a creation or an update. @returns The object to write. @throws {ApiError} 403. */
export function admitWrite(
  core: Core,
  call: ResourceCall,
  next: ApiObject,
  previous: ApiObject | undefined,
): ApiObject {
  check({ core, call, next, previous });
  if (previous) return next;
  switch (qualify(call.definition)) {
    case "nodes":
      return taintNewNode(next);
    case "pods":
      return completePod(core, call, next);
    default:
      return next;
  }
}

/** Admits a deletion. @throws {ApiError} 403. */
export function admitDeletion(core: Core, call: ResourceCall, previous: ApiObject): void {
  check({ core, call, next: undefined, previous });
  noteWrite(call, undefined, previous);
}

function check(write: AdmittedWrite): void {
  const nodeName = nodeNameOf(write.call.user);
  if (nodeName !== undefined) restrictNode(nodeName, write);
  restrictCertificates(write);
}
