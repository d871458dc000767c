/**
 * A GPUNodeClaim as far as a list shows it.
 *
 * Read field by field and not by the full schema: loading that would double the time of the command.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { apiGroup } from "../../schemas/labels.ts";
import { type ConditionView, readConditions } from "../output/conditions.ts";
import { readIdentity } from "../output/read_identity.ts";

/** See the module. Times are RFC 3339, amounts decimal strings of US dollars. */
export interface ClaimView extends KubernetesObject {
  readonly pool: string | undefined;
  readonly nodeClass: string | undefined;
  readonly gpuModel: string | undefined;
  readonly gpuCount: number | undefined;
  readonly provider: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly capacityType: string | undefined;
  readonly instanceType: string | undefined;
  readonly instanceId: string | undefined;
  /** What the machine costs now, or was ordered for. */
  readonly pricePerHour: string | undefined;
  readonly nodeName: string | undefined;
  /** When each step was reached. */
  readonly steps: ReadonlyMap<string, string>;
  readonly end: { readonly reason: string; readonly message: string } | undefined;
  readonly conditions: readonly ConditionView[];
}

/** GPUNodeClaims, as lists show them. */
export const claimViews: ResourceType<ClaimView> = {
  group: apiGroup,
  version: "v1",
  kind: "GPUNodeClaim",
  plural: "gpunodeclaims",
  namespaced: false,
  parse: parseClaimView,
};

/** @throws {FieldError} If a field has another type than the API server promises. */
function parseClaimView(raw: unknown): ClaimView {
  const object = new Fields(raw);
  const spec = object.fields("spec");
  const status = object.fields("status");
  const offer = status.fields("launch").fields("offer");
  const end = status.fields("end");
  const reason = end.string("reason");
  const gpuCount = offer.raw("gpuCount");
  return {
    ...readIdentity(object),
    pool: spec.fields("nodePoolRef").string("name"),
    nodeClass: spec.fields("nodeClassRef").string("name"),
    gpuModel: offer.string("gpuModel"),
    gpuCount: typeof gpuCount === "number" ? gpuCount : undefined,
    provider: offer.string("provider"),
    account: offer.string("account"),
    region: offer.string("region"),
    capacityType: offer.string("capacityType"),
    instanceType: offer.string("instanceType"),
    instanceId: status.string("instanceID"),
    pricePerHour: status.fieldsList("prices").at(-1)?.string("perHour") ??
      offer.string("pricePerHour"),
    nodeName: status.string("nodeName"),
    steps: new Map(
      status.fieldsList("steps").map((step) => [
        step.requiredString("step"),
        step.requiredString("time"),
      ]),
    ),
    end: reason === undefined ? undefined : { reason, message: end.string("message") ?? "" },
    conditions: readConditions(status),
  };
}
