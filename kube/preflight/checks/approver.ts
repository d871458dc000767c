/**
 * Whether machines get certificates only from our approver.
 *
 * A binding that lets bootstrap tokens have their requests approved by Kubernetes itself makes the approver
 * a bystander: whoever reads one machine's token could join under any name.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { bootstrapGroup } from "../../../schemas/labels.ts";
import { Fields } from "../../fields.ts";
import { type Kube, KubeError } from "../../kube.ts";
import type { ResourceType } from "../../resource.ts";
import {
  type AccessAttributes,
  type AccessSubject,
  askAccess,
  askingAboutOthers,
} from "../access_review.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";

/** Groups of every machine that joins with one of our tokens. */
const machineGroups: readonly string[] = [
  bootstrapGroup,
  "system:bootstrappers",
  "system:authenticated",
];

/** Any of our tokens, as the API server sees whoever bears it. */
export const machineSubject: AccessSubject = {
  user: "system:bootstrap:tgp000",
  groups: machineGroups,
};

/** What Kubernetes' own approver asks for before it approves a kubelet's first certificate. */
const autoApproval: AccessAttributes = {
  verb: "create",
  group: "certificates.k8s.io",
  resource: "certificatesigningrequests",
  subresource: "nodeclient",
};

/** See the module. */
export const approverCheck: PreflightCheck = {
  names: ["approver"],
  reads: () => [askingAboutOthers],
  async run({ kube, isController }, signal) {
    if (isController) return [await askServer(kube, signal)];
    try {
      const [roles, bindings] = await Promise.all([
        kube.list(clusterRoles, { signal }),
        kube.list(clusterRoleBindings, { signal }),
      ]);
      return [judgeBindings(findAutoApprovals(roles.items, bindings.items))];
    } catch (error) {
      if (!(error instanceof KubeError && error.code === 403)) throw error;
      return [await askServer(kube, signal)];
    }
  },
};

/** A ClusterRole. */
export interface RoleFacts {
  readonly name: string;
  readonly allowsAutoApproval: boolean;
}

/** A ClusterRoleBinding. */
export interface BindingFacts {
  readonly name: string;
  /** Name of a ClusterRole. */
  readonly role: string;
  /** Names of groups. */
  readonly groups: readonly string[];
  /** How many subjects there are in all. */
  readonly subjects: number;
}

/** A binding that makes the approver void. */
export interface AutoApproval {
  readonly binding: string;
  readonly role: string;
  /** Of every machine's groups. */
  readonly groups: readonly string[];
  /** Whether the binding has other subjects, too, so that it is not to be deleted. */
  readonly isShared: boolean;
}

/** Finds them. */
export function findAutoApprovals(
  roles: readonly RoleFacts[],
  bindings: readonly BindingFacts[],
): readonly AutoApproval[] {
  const names = new Set(
    roles.filter(({ allowsAutoApproval }) => allowsAutoApproval).map(({ name }) => name),
  );
  return bindings.flatMap(({ name, role, groups, subjects }) => {
    const ours = groups.filter((group) => machineGroups.includes(group));
    if (!names.has(role) || ours.length === 0) return [];
    return [{ binding: name, role, groups: ours, isShared: subjects > ours.length }];
  });
}

/** Judges them. */
export function judgeBindings(found: readonly AutoApproval[]): Finding {
  const { ok, fail } = findingsOf("approver");
  if (found.length === 0) return ok("no binding approves machines' certificates by itself");
  const what = found.map(({ binding, role, groups }) =>
    `ClusterRoleBinding "${binding}" gives ${groups.join(", ")} the role ${role}`
  );
  return fail(
    `any machine's token can join under any name: ${what.join("; ")}`,
    ...found.flatMap(({ binding, groups, isShared }) =>
      isShared
        ? [
          `Take ${groups.join(", ")} out of its subjects:`,
          command(`kubectl edit clusterrolebinding ${binding}`),
        ]
        : [command(`kubectl delete clusterrolebinding ${binding}`)]
    ),
  );
}

/** Without the bindings themselves: whether there is one. */
async function askServer(kube: Kube, signal: AbortSignal): Promise<Finding> {
  const { ok, fail } = findingsOf("approver");
  if (!await askAccess(kube, machineSubject, autoApproval, signal)) {
    return ok("no binding approves machines' certificates by itself");
  }
  return fail(
    "any machine's token can join under any name: some ClusterRoleBinding gives one of " +
      `${machineGroups.join(", ")} the approval of its own certificate`,
    "Find the binding, as somebody who may list them:",
    command("kubectl tgp doctor"),
  );
}

/** `*` stands for all, and `*` before a slash for all resources (RBAC, v1.36: `rules.go`). */
function allowsAutoApproval(rule: Fields): boolean {
  const { verb, group, resource, subresource } = autoApproval;
  const covers = (key: string, ...accepted: readonly string[]) =>
    rule.strings(key).some((one) => one === "*" || accepted.includes(one));
  return rule.list("resourceNames").length === 0 && covers("verbs", verb) &&
    covers("apiGroups", group) &&
    covers("resources", `${resource}/${subresource}`, `*/${subresource}`);
}

const rbac = { group: "rbac.authorization.k8s.io", version: "v1", namespaced: false } as const;

const clusterRoles: ResourceType<KubernetesObject & RoleFacts> = {
  ...rbac,
  kind: "ClusterRole",
  plural: "clusterroles",
  parse(raw) {
    const object = new Fields(raw);
    const name = object.fields("metadata").requiredString("name");
    return {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name },
      name,
      allowsAutoApproval: object.fieldsList("rules").some(allowsAutoApproval),
    };
  },
};

const clusterRoleBindings: ResourceType<KubernetesObject & BindingFacts> = {
  ...rbac,
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  parse(raw) {
    const object = new Fields(raw);
    const name = object.fields("metadata").requiredString("name");
    const subjects = object.fieldsList("subjects");
    return {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      name,
      role: object.fields("roleRef").string("name") ?? "",
      groups: subjects.filter((subject) => subject.string("kind") === "Group")
        .flatMap((subject) => subject.string("name") ?? []),
      subjects: subjects.length,
    };
  },
};
