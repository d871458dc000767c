/**
 * Rules of Namespaces.
 *
 * @module
 */

import { asString, getIn, setIn } from "../json.ts";
import { type ApiObject, withMetadata } from "../api_object.ts";
import type { Strategy } from "./strategy.ts";

/** Every namespace carries its own name as a label, so that selectors can name it. */
function defaults(namespace: ApiObject): ApiObject {
  const { labels, name } = namespace.metadata;
  if (name === "") return namespace;
  return withMetadata(namespace, { labels: { ...labels, "kubernetes.io/metadata.name": name } });
}

/** See the module. */
export const namespaceStrategy: Strategy = {
  defaults,
  prepareForCreate: (namespace) => ({
    ...namespace,
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  prepareForUpdate: (next, previous, { subresource }) =>
    // Finalizers are taken off through a subresource of their own.
    subresource === "finalize" ? next : setIn(next, ["spec"], previous.spec),
  prepareForDelete: (namespace) => setIn(namespace, ["status", "phase"], "Terminating"),
  selectableFields: (namespace) => ({
    name: namespace.metadata.name,
    "status.phase": asString(getIn(namespace, "status", "phase")) ?? "",
  }),
};
