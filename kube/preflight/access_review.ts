/**
 * Asks the API server who may do what.
 *
 * @module
 */

import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { Fields } from "../fields.ts";
import type { Kube } from "../kube.ts";
import type { ResourceType } from "../resource.ts";

/** What somebody may do. Empty or absent fields mean all. */
export interface AccessAttributes {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Who; absent: whoever asks. */
export interface AccessSubject {
  readonly user: string;
  readonly groups: readonly string[];
}

interface Answer extends KubernetesObject {
  readonly allowed: boolean;
}

function review(kind: string, plural: string): ResourceType<Answer> {
  return {
    group: "authorization.k8s.io",
    version: "v1",
    kind,
    plural,
    namespaced: false,
    parse: (raw) => ({
      apiVersion: "authorization.k8s.io/v1",
      kind,
      metadata: { name: "" },
      allowed: new Fields(raw).fields("status").boolean("allowed") ?? false,
    }),
  };
}

const ownReviews = review("SelfSubjectAccessReview", "selfsubjectaccessreviews");
const reviews = review("SubjectAccessReview", "subjectaccessreviews");

/** What asking about somebody else needs. */
export const askingAboutOthers: AccessAttributes = {
  verb: "create",
  group: "authorization.k8s.io",
  resource: "subjectaccessreviews",
};

/**
 * Whether somebody may do something.
 *
 * @throws {KubeError} 403 if whoever asks may not ask about others.
 */
export async function askAccess(
  kube: Kube,
  subject: AccessSubject | undefined,
  { verb, group, resource, subresource, namespace, name }: AccessAttributes,
  signal: AbortSignal,
): Promise<boolean> {
  const type = subject === undefined ? ownReviews : reviews;
  const resourceAttributes = { verb, group, resource, subresource, namespace, name };
  const { allowed } = await kube.create(type, toReview(type, { ...subject, resourceAttributes }), {
    signal,
  });
  return allowed;
}

/** `list daemonsets.apps`, `get configmaps/kubeadm-config in kube-system`. */
export function describeAccess(access: AccessAttributes): string {
  const { verb, group, resource, subresource, namespace, name } = access;
  const type = `${resource}${subresource ? `/${subresource}` : ""}${group ? `.${group}` : ""}`;
  return `${verb} ${type}${name ? ` "${name}"` : ""}${namespace ? ` in ${namespace}` : ""}`;
}

function toReview(type: ResourceType<Answer>, spec: unknown): KubernetesObject {
  const object: KubernetesObject & { readonly spec: unknown } = {
    apiVersion: `${type.group}/${type.version}`,
    kind: type.kind,
    metadata: { name: "" },
    spec,
  };
  return object;
}
