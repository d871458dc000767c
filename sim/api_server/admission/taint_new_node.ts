/**
 * TaintNodesByCondition: a new Node is not ready until the node controller says so.
 *
 * Follows k8s.io/kubernetes `plugin/pkg/admission/nodetaint/admission.go`, v1.36.0.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { asArray, asObject, getIn, setIn } from "../json.ts";

const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** The Node, with the taint that keeps pods away. */
export function taintNewNode(node: ApiObject): ApiObject {
  const taints = asArray(getIn(node, "spec", "taints"));
  const has = taints.map(asObject).some((one) =>
    one.key === taint.key && one.effect === taint.effect
  );
  return has ? node : setIn(node, ["spec", "taints"], [...taints, taint]);
}
