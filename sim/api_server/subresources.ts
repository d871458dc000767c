/**
 * Subresources that are not just another way to write the object: binding and eviction.
 *
 * @module
 */

import { ApiError, badRequest, conflict, methodNotAllowed, unknownResource } from "./api_error.ts";
import { type ApiObject, toTimestamp, withMetadata } from "./api_object.ts";
import type { Core, ResourceCall } from "./core.ts";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  asStringMap,
  getIn,
  type JsonObject,
  setIn,
} from "./json.ts";
import { toLabelPredicate } from "./read/selectors.ts";
import { readObject } from "./write/decode.ts";
import { deleteObject, parseDeleteOptions } from "./write/delete.ts";
import { isDryRun } from "./write/context.ts";
import { getObject, writeOver } from "./write/update.ts";

/** What a subresource answers. */
export interface SubresourceAnswer {
  readonly body: JsonObject;
  readonly status: number;
}

const success = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
};

/**
 * Carries out a request for a subresource that has its own semantics.
 *
 * @returns `undefined` when the request is an ordinary one.
 * @throws {ApiError} 404 for subresources that do not exist, and whatever they refuse.
 */
export async function handleSubresource(
  core: Core,
  call: ResourceCall,
): Promise<SubresourceAnswer | undefined> {
  const { info, definition } = call;
  if (info.subresource === "") return undefined;
  const known = definition.subresources.find(({ name }) => name === info.subresource);
  if (!known) throw unknownResource();
  if (!known.verbs.includes(info.verb)) throw methodNotAllowed();
  switch (info.subresource) {
    case "binding":
      return bindPod(core, call, await readObject(call));
    case "eviction":
      return evictPod(core, call, await readObject(call));
    default:
      return undefined;
  }
}

function toStatus(code: number): SubresourceAnswer {
  return { body: { ...success, code }, status: code };
}

function bindPod(core: Core, call: ResourceCall, binding: JsonObject): SubresourceAnswer {
  const pod = getObject(core, call);
  const node = asString(getIn(binding, "target", "name")) ?? "";
  if (node === "") throw badRequest("target.name: Required value");
  const uid = asString(getIn(binding, "metadata", "uid"));
  if (uid !== undefined && uid !== pod.metadata.uid) {
    const why =
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`;
    throw conflict(call.definition, pod.metadata.name, why);
  }
  const bindings = { group: "", plural: "pods/binding" };
  if (pod.metadata.deletionTimestamp) {
    throw conflict(
      bindings,
      pod.metadata.name,
      `pod ${pod.metadata.name} is being deleted, cannot be assigned to a host`,
    );
  }
  const bound = asString(getIn(pod, "spec", "nodeName")) ?? "";
  if (bound !== "") {
    const why = `pod ${pod.metadata.name} is already assigned to node "${bound}"`;
    throw conflict(bindings, pod.metadata.name, why);
  }
  if (asArray(getIn(pod, "spec", "schedulingGates")).length > 0) {
    const why = `pod ${pod.metadata.name} has non-empty .spec.schedulingGates`;
    throw conflict(bindings, pod.metadata.name, why);
  }
  const now = toTimestamp(core.clock.now());
  const conditions = asArray(getIn(pod, "status", "conditions")).filter((one) =>
    asObject(one).type !== "PodScheduled"
  );
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: now,
  };
  const placed = setIn(setIn(pod, ["spec", "nodeName"], node), ["status", "conditions"], [
    ...conditions,
    scheduled,
  ]);
  writeOver(core, call, pod, placed);
  return toStatus(201);
}

/** Whether losing a pod costs its budget nothing. */
function isFree(pod: ApiObject): boolean {
  const phase = getIn(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed" || phase === "Pending" ||
    pod.metadata.deletionTimestamp !== undefined;
}

function evictPod(core: Core, call: ResourceCall, eviction: JsonObject): SubresourceAnswer {
  const pod = getObject(core, call);
  const named = asString(getIn(eviction, "metadata", "name"));
  if (named && named !== pod.metadata.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  const options = parseDeleteOptions(asObject(eviction.deleteOptions), call.info.query);
  if (!isFree(pod)) spendBudget(core, call, pod);
  deleteObject(core, call, pod, options);
  return toStatus(201);
}

/** Takes one disruption from the budget that covers a pod. @throws {ApiError} 429 when none is left. */
function spendBudget(core: Core, call: ResourceCall, pod: ApiObject): void {
  const budgets = core.store.list("poddisruptionbudgets.policy").filter((pdb) =>
    pdb.metadata.namespace === pod.metadata.namespace &&
    toLabelPredicate(getIn(pdb, "spec", "selector"))(asStringMap(pod.metadata.labels))
  );
  const [budget, another] = budgets;
  if (!budget) return;
  if (another) {
    throw new ApiError(
      500,
      "InternalError",
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  const { name } = budget.metadata;
  const allowed = asNumber(getIn(budget, "status", "disruptionsAllowed")) ?? 0;
  const observed = asNumber(getIn(budget, "status", "observedGeneration")) ?? 0;
  if (allowed <= 0 || observed < (budget.metadata.generation ?? 0)) {
    const stale = observed < (budget.metadata.generation ?? 0);
    const healthy = asNumber(getIn(budget, "status", "currentHealthy")) ?? 0;
    const desired = asNumber(getIn(budget, "status", "desiredHealthy")) ?? 0;
    const why = stale
      ? `The disruption budget ${name} is still being processed by the server.`
      : `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`;
    throw new ApiError(
      429,
      "TooManyRequests",
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        causes: [{ reason: "DisruptionBudget", message: why }],
        ...(stale ? { retryAfterSeconds: 10 } : {}),
      },
    );
  }
  if (isDryRun(call)) return;
  const disrupted = asObject(getIn(budget, "status", "disruptedPods"));
  const status = {
    ...asObject(budget.status),
    disruptionsAllowed: allowed - 1,
    disruptedPods: { ...disrupted, [pod.metadata.name]: toTimestamp(core.clock.now()) },
  };
  core.store.put("poddisruptionbudgets.policy", { ...withMetadata(budget, {}), status });
}
