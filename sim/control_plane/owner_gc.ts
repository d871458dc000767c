/**
 * Garbage collection by owner: objects whose owners are gone go, too, and deletions in the foreground
 * wait for them.
 *
 * Follows k8s.io/kubernetes `pkg/controller/garbagecollector`, v1.36.0.
 *
 * @module
 */

import type { ApiObject, OwnerReference } from "../api_server/api_object.ts";
import type { ClusterView, Controller, ControlRequest } from "./controller.ts";

const foreground = "foregroundDeletion";
const orphan = "orphan";

/** An object, and where it is. */
interface Located {
  readonly resource: string;
  readonly object: ApiObject;
}

/** See the module. */
export const ownerGc: Controller = {
  name: "kube-controller-manager",
  watches: ["*"],
  decide: (view) => {
    const all = view.resources().flatMap((resource) =>
      view.list(resource).map((object): Located => ({ resource, object }))
    );
    const owned = all.filter(({ object }) => (object.metadata.ownerReferences ?? []).length > 0);
    return {
      requests: [
        ...owned.flatMap((one) => collect(view, one)),
        ...all.flatMap((one) => finish(view, one, owned)),
      ],
    };
  },
};

/** Deletes an object all of whose owners are gone, or ending with it. */
function collect(view: ClusterView, one: Located): readonly ControlRequest[] {
  const { metadata } = one.object;
  if (metadata.deletionTimestamp) return [];
  const owners = (metadata.ownerReferences ?? []).map((reference) =>
    findOwner(view, one, reference)
  );
  // A kind that is not served says nothing about its objects.
  if (owners.some((owner) => owner === "unknown")) return [];
  const solid = owners.filter((owner) => owner !== undefined && !isEnding(owner, foreground));
  if (solid.length > 0) return [];
  const ending = owners.some((owner) => owner !== undefined);
  return toDeletion(view, one, ending ? "Foreground" : "Background");
}

function findOwner(
  view: ClusterView,
  { object }: Located,
  reference: OwnerReference,
): ApiObject | undefined | "unknown" {
  const [group, version] = reference.apiVersion.split("/");
  const resource = view.resourceOf(version === undefined ? "" : group ?? "", reference.kind);
  if (resource === undefined) return "unknown";
  const owner = view.get(resource, object.metadata.namespace ?? "", reference.name) ??
    view.get(resource, "", reference.name);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

function isEnding(object: ApiObject | "unknown", finalizer: string): boolean {
  return object !== "unknown" && object.metadata.deletionTimestamp !== undefined &&
    (object.metadata.finalizers ?? []).includes(finalizer);
}

/** Takes the collector's finalizers off an ending object once its dependents are dealt with. */
function finish(
  view: ClusterView,
  one: Located,
  owned: readonly Located[],
): readonly ControlRequest[] {
  const { object } = one;
  const dependents = () =>
    owned.filter((other) =>
      other.object.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)
    );
  if (isEnding(object, orphan)) {
    const released = dependents().flatMap((other) => toOrphan(view, other, object));
    return released.length > 0 ? released : withoutFinalizer(view, one, orphan);
  }
  if (isEnding(object, foreground)) {
    const blocking = dependents().some((other) =>
      other.object.metadata.ownerReferences?.some((reference) =>
        reference.uid === object.metadata.uid && reference.blockOwnerDeletion === true
      )
    );
    return blocking ? [] : withoutFinalizer(view, one, foreground);
  }
  return [];
}

function pathOf(view: ClusterView, { resource, object }: Located): string | undefined {
  return view.pathOf(resource, object.metadata.namespace ?? "", object.metadata.name);
}

function toDeletion(
  view: ClusterView,
  one: Located,
  propagationPolicy: "Foreground" | "Background",
): readonly ControlRequest[] {
  const path = pathOf(view, one);
  const { uid } = one.object.metadata;
  if (path === undefined) return [];
  const preconditions = uid === undefined ? {} : { preconditions: { uid } };
  return [{
    method: "DELETE",
    path,
    body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy, ...preconditions },
  }];
}

function patchMetadata(
  view: ClusterView,
  one: Located,
  change: {
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly OwnerReference[];
  },
): readonly ControlRequest[] {
  const path = pathOf(view, one);
  const { resourceVersion } = one.object.metadata;
  if (path === undefined || resourceVersion === undefined) return [];
  return [{ method: "PATCH", path, body: { metadata: { resourceVersion, ...change } } }];
}

function withoutFinalizer(
  view: ClusterView,
  one: Located,
  finalizer: string,
): readonly ControlRequest[] {
  const { finalizers = [] } = one.object.metadata;
  return patchMetadata(view, one, { finalizers: finalizers.filter((each) => each !== finalizer) });
}

function toOrphan(
  view: ClusterView,
  one: Located,
  owner: ApiObject,
): readonly ControlRequest[] {
  const { ownerReferences = [] } = one.object.metadata;
  return patchMetadata(view, one, {
    ownerReferences: ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid),
  });
}
