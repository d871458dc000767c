/**
 * Whether a machine that joins finds what `kubeadm join` reads, and may read it.
 *
 * @module
 */

import { bootstrapGroup } from "../../../schemas/labels.ts";
import { isNotFound } from "../../kube.ts";
import { configMaps } from "../../resource.ts";
import {
  type AccessAttributes,
  askAccess,
  askingAboutOthers,
  describeAccess,
} from "../access_review.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";
import { machineSubject } from "./approver.ts";

/** ConfigMaps of kube-system that kubeadm (1.31 and later) reads on a worker. */
const configNames = ["kubeadm-config", "kubelet-config"] as const;

/** What a machine does with its token until it has a certificate. */
const machineRules: readonly AccessAttributes[] = [
  { verb: "create", group: "certificates.k8s.io", resource: "certificatesigningrequests" },
  ...configNames.map((name) => ({
    verb: "get",
    group: "",
    resource: "configmaps",
    namespace: "kube-system",
    name,
  })),
  // Whether there is a Node of its name already.
  { verb: "get", group: "", resource: "nodes" },
];

/** See the module. */
export const joinConfigCheck: PreflightCheck = {
  names: ["join-config"],
  reads: () => [
    ...configNames.map((name) => ({
      verb: "get",
      group: "",
      resource: "configmaps",
      namespace: "kube-system",
      name,
    })),
    askingAboutOthers,
  ],
  async run(context, signal) {
    const classes = await context.classes();
    if (!classes.some(({ apiServerEndpoint }) => apiServerEndpoint !== undefined)) {
      return [findingsOf("join-config").ok("no class joins machines by kubeadm")];
    }
    const [missing, forbidden] = await Promise.all([
      findMissing(context, signal),
      findForbidden(context, signal),
    ]);
    return [judgeJoinConfig(missing, forbidden)];
  },
};

/** Judges what is not there and what machines may not do. */
export function judgeJoinConfig(
  missing: readonly string[],
  forbidden: readonly AccessAttributes[],
): Finding {
  const { ok, fail } = findingsOf("join-config");
  if (missing.length > 0) {
    return fail(
      `kube-system has no ConfigMap ${
        missing.join(", ")
      }: kubeadm did not make this cluster, and machines cannot join by it`,
      "Where the control plane is a kubeadm one, upload them again, on one of its machines:",
      command("kubeadm init phase upload-config all"),
    );
  }
  if (forbidden.length > 0) {
    return fail(
      `machines (group ${bootstrapGroup}) may not ${forbidden.map(describeAccess).join(", ")}`,
      "Apply the bindings; the roles that they name are kubeadm's own:",
      command("kubectl apply -k manifests/rbac"),
    );
  }
  return ok("machines find what kubeadm join reads");
}

async function findMissing(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await Promise.all(configNames.map(async (name) => {
    try {
      await kube.get(configMaps, { namespace: "kube-system", name }, { signal });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }));
  return configNames.filter((_, index) => !found[index]);
}

async function findForbidden(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<readonly AccessAttributes[]> {
  const allowed = await Promise.all(
    machineRules.map((rule) => askAccess(kube, machineSubject, rule, signal)),
  );
  return machineRules.filter((_, index) => !allowed[index]);
}
