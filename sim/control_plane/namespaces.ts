/**
 * The life of Namespaces: a default service account while they live, and the end of all that is in them
 * before they go.
 *
 * @module
 */

import type { ApiObject } from "../api_server/api_object.ts";
import type { ClusterView, Controller, ControlRequest } from "./controller.ts";

/** What every namespace gets: `kube-root-ca.crt`, for pods to know the API server by. */
export function createNamespaceController(caPem: string): Controller {
  return {
    name: "kube-controller-manager",
    watches: ["*"],
    decide: (view) => ({
      requests: view.list("namespaces").flatMap((namespace) =>
        namespace.metadata.deletionTimestamp
          ? end(view, namespace)
          : furnish(view, namespace, caPem)
      ),
    }),
  };
}

function furnish(
  view: ClusterView,
  { metadata }: ApiObject,
  caPem: string,
): readonly ControlRequest[] {
  const base = `/api/v1/namespaces/${metadata.name}`;
  const requests: ControlRequest[] = [];
  if (!view.get("serviceaccounts", metadata.name, "default")) {
    const body = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
    requests.push({ method: "POST", path: `${base}/serviceaccounts`, body });
  }
  if (!view.get("configmaps", metadata.name, "kube-root-ca.crt")) {
    const body = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-root-ca.crt" },
      data: { "ca.crt": caPem },
    };
    requests.push({ method: "POST", path: `${base}/configmaps`, body });
  }
  return requests;
}

/** Deletes what is left in a namespace; when nothing is, lets the namespace go. */
function end(view: ClusterView, namespace: ApiObject): readonly ControlRequest[] {
  const { name } = namespace.metadata;
  const content = view.resources().flatMap((resource) =>
    view.list(resource).filter(({ metadata }) => metadata.namespace === name)
      .map((object) => ({ resource, object }))
  );
  if (content.length > 0) {
    return content.filter(({ object }) => !object.metadata.deletionTimestamp).flatMap(
      ({ resource, object }) => {
        const path = view.pathOf(resource, name, object.metadata.name);
        return path === undefined ? [] : [{ method: "DELETE" as const, path }];
      },
    );
  }
  return [{
    method: "PUT",
    path: `/api/v1/namespaces/${name}/finalize`,
    body: { ...namespace, spec: { finalizers: [] } },
  }];
}
