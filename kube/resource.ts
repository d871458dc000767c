/**
 * What a Kubernetes resource is called on the wire.
 *
 * @module
 */

import type {
  CertificateSigningRequest,
  ConfigMap,
  Event,
  KubernetesObject,
  Lease,
  Node,
  Pod,
  Secret,
} from "../schemas/kubernetes.ts";

/** One resource of the API, and how its objects are read. */
export interface ResourceType<T extends KubernetesObject> {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The lower-case plural in paths. */
  readonly plural: string;
  readonly namespaced: boolean;
  /**
   * Turns one decoded JSON object into `T`: a projection to the fields in use, or a full parse.
   * Called once per object, as it is decoded.
   *
   * @throws If the object is not a `T`; informers report and skip it, single reads fail.
   */
  readonly parse: (raw: unknown) => T;
}

/** Names one object. `namespace` is required for namespaced resources and absent for others. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** `namespace/name`, or `name` for cluster-scoped objects: the key of stores and queues. */
export function toKey(ref: ObjectRef): string {
  return ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
}

/** `group/version`, or `version` for the core group. */
export function toApiVersion(
  type: Pick<ResourceType<KubernetesObject>, "group" | "version">,
): string {
  return type.group ? `${type.group}/${type.version}` : type.version;
}

function builtIn<T extends KubernetesObject>(
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
): ResourceType<T> {
  // The API server validates built-in objects; their shape is its promise.
  return { group, version: "v1", kind, plural, namespaced, parse: (raw) => raw as T };
}

/** core/v1 Pods. */
export const pods: ResourceType<Pod> = builtIn("", "Pod", "pods", true);
/** core/v1 Nodes. */
export const nodes: ResourceType<Node> = builtIn("", "Node", "nodes", false);
/** core/v1 Secrets. */
export const secrets: ResourceType<Secret> = builtIn("", "Secret", "secrets", true);
/** core/v1 ConfigMaps. */
export const configMaps: ResourceType<ConfigMap> = builtIn("", "ConfigMap", "configmaps", true);
/** core/v1 Events. */
export const events: ResourceType<Event> = builtIn("", "Event", "events", true);
/** core/v1 Namespaces. */
export const namespaces: ResourceType<KubernetesObject> = builtIn(
  "",
  "Namespace",
  "namespaces",
  false,
);
/** coordination.k8s.io/v1 Leases. */
export const leases: ResourceType<Lease> = builtIn("coordination.k8s.io", "Lease", "leases", true);
/** certificates.k8s.io/v1 CertificateSigningRequests. */
export const certificateSigningRequests: ResourceType<CertificateSigningRequest> = builtIn(
  "certificates.k8s.io",
  "CertificateSigningRequest",
  "certificatesigningrequests",
  false,
);
