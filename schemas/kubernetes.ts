/**
 * The built-in Kubernetes objects, projected to the fields this project reads and writes.
 *
 * Own interfaces instead of `@kubernetes/client-node`'s, because those describe timestamps as `Date`
 * while the wire (and a parsed JSON object) holds RFC 3339 strings. Field meanings: Kubernetes API
 * reference v1.36.
 *
 * @module
 */

/** `metadata.ownerReferences[]`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}

/** `metadata` of any object. Timestamps are RFC 3339 strings. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly generateName?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly generation?: number | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly deletionGracePeriodSeconds?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
}

/** Any Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A list of objects; `continue` is set when more pages follow. */
export interface KubernetesList<T> {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string | undefined;
    readonly remainingItemCount?: number | undefined;
  };
  readonly items: readonly T[];
}

/** `Status`, the body of an API error. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly status: "Success" | "Failure";
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly code?: number | undefined;
  readonly details?: {
    readonly name?: string | undefined;
    readonly group?: string | undefined;
    readonly kind?: string | undefined;
    readonly uid?: string | undefined;
    readonly retryAfterSeconds?: number | undefined;
    readonly causes?:
      | readonly {
        readonly reason?: string | undefined;
        readonly message?: string | undefined;
        readonly field?: string | undefined;
      }[]
      | undefined;
  } | undefined;
}

/** Effect of a taint on pods that do not tolerate it. */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** `node.spec.taints[]`. */
export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: TaintEffect;
  readonly timeAdded?: string | undefined;
}

/** `pod.spec.tolerations[]`. */
export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: "Exists" | "Equal" | undefined;
  readonly value?: string | undefined;
  readonly effect?: TaintEffect | undefined;
  readonly tolerationSeconds?: number | undefined;
}

/** A condition of a built-in object. */
export interface ObjectCondition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly lastHeartbeatTime?: string | undefined;
}

/** `matchExpressions[]` of a node selector term. */
export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values?: readonly string[] | undefined;
}

/** One term of a node selector; its expressions are ANDed. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[] | undefined;
  readonly matchFields?: readonly NodeSelectorRequirement[] | undefined;
}

/** A label selector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?:
    | readonly {
      readonly key: string;
      readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
      readonly values?: readonly string[] | undefined;
    }[]
    | undefined;
}

/** Kubernetes quantities by resource name, as on the wire (`{"nvidia.com/gpu": "1"}`). */
export type ResourceList = Readonly<Record<string, string | number>>;

/** A container, as far as scheduling cares. */
export interface Container {
  readonly name: string;
  readonly image?: string | undefined;
  readonly restartPolicy?: string | undefined;
  readonly ports?:
    | readonly {
      readonly containerPort: number;
      readonly hostPort?: number | undefined;
      readonly protocol?: string | undefined;
      readonly hostIP?: string | undefined;
    }[]
    | undefined;
  readonly resources?: {
    readonly requests?: ResourceList | undefined;
    readonly limits?: ResourceList | undefined;
  } | undefined;
}

/** One term of required pod affinity or anti-affinity. */
export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector | undefined;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[] | undefined;
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly mismatchLabelKeys?: readonly string[] | undefined;
}

/** `pod.spec.affinity.podAffinity` and `.podAntiAffinity`; wishes are not read. */
export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[] | undefined;
}

/** `pod.spec.topologySpreadConstraints[]`. */
export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  readonly labelSelector?: LabelSelector | undefined;
  readonly minDomains?: number | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly nodeAffinityPolicy?: "Honor" | "Ignore" | undefined;
  readonly nodeTaintsPolicy?: "Honor" | "Ignore" | undefined;
}

/** A Pod. */
export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string | undefined;
    readonly schedulerName?: string | undefined;
    readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
    readonly affinity?: {
      readonly nodeAffinity?: {
        readonly requiredDuringSchedulingIgnoredDuringExecution?: {
          readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
        } | undefined;
        readonly preferredDuringSchedulingIgnoredDuringExecution?:
          | readonly { readonly weight: number; readonly preference: NodeSelectorTerm }[]
          | undefined;
      } | undefined;
      readonly podAffinity?: PodAffinity | undefined;
      readonly podAntiAffinity?: PodAffinity | undefined;
    } | undefined;
    readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[] | undefined;
    readonly tolerations?: readonly Toleration[] | undefined;
    readonly priority?: number | undefined;
    readonly preemptionPolicy?: string | undefined;
    readonly overhead?: ResourceList | undefined;
    /** Pod-level requests and limits. */
    readonly resources?: Container["resources"];
    /** Dynamic resource allocation; only its presence matters. */
    readonly resourceClaims?: readonly unknown[] | undefined;
    readonly schedulingGates?: readonly { readonly name: string }[] | undefined;
    readonly terminationGracePeriodSeconds?: number | undefined;
    readonly restartPolicy?: string | undefined;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[] | undefined;
  };
  readonly status?: {
    readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown" | undefined;
    readonly conditions?: readonly ObjectCondition[] | undefined;
    readonly nominatedNodeName?: string | undefined;
    readonly podIP?: string | undefined;
    readonly startTime?: string | undefined;
    readonly reason?: string | undefined;
    readonly message?: string | undefined;
  } | undefined;
}

/** A Node. */
export interface Node extends KubernetesObject {
  readonly spec?: {
    readonly providerID?: string | undefined;
    readonly unschedulable?: boolean | undefined;
    readonly taints?: readonly Taint[] | undefined;
  } | undefined;
  readonly status?: {
    readonly capacity?: ResourceList | undefined;
    readonly allocatable?: ResourceList | undefined;
    readonly conditions?: readonly ObjectCondition[] | undefined;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[] | undefined;
    readonly nodeInfo?: Readonly<Record<string, unknown>> | undefined;
  } | undefined;
}

/** A Secret; `data` values are base64. */
export interface Secret extends KubernetesObject {
  readonly type?: string | undefined;
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly stringData?: Readonly<Record<string, string>> | undefined;
}

/** A ConfigMap; `binaryData` values are base64. */
export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly binaryData?: Readonly<Record<string, string>> | undefined;
}

/** A core/v1 Event. */
export interface Event extends KubernetesObject {
  readonly involvedObject: {
    readonly apiVersion?: string | undefined;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid?: string | undefined;
  };
  readonly reason: string;
  readonly message: string;
  readonly type: "Normal" | "Warning";
  readonly count?: number | undefined;
  readonly firstTimestamp?: string | undefined;
  readonly lastTimestamp?: string | undefined;
  readonly source?: { readonly component?: string | undefined } | undefined;
  readonly reportingComponent?: string | undefined;
  readonly reportingInstance?: string | undefined;
}

/** A coordination.k8s.io/v1 Lease. Times are RFC 3339 with microseconds. */
export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string | undefined;
    readonly leaseDurationSeconds?: number | undefined;
    readonly acquireTime?: string | undefined;
    readonly renewTime?: string | undefined;
    readonly leaseTransitions?: number | undefined;
  } | undefined;
}

/** A certificates.k8s.io/v1 CertificateSigningRequest; `request` and `certificate` are base64 PEM. */
export interface CertificateSigningRequest extends KubernetesObject {
  readonly spec: {
    readonly request: string;
    readonly signerName: string;
    readonly usages?: readonly string[] | undefined;
    readonly username?: string | undefined;
    readonly groups?: readonly string[] | undefined;
    readonly expirationSeconds?: number | undefined;
  };
  readonly status?: {
    readonly conditions?: readonly ObjectCondition[] | undefined;
    readonly certificate?: string | undefined;
  } | undefined;
}
