/**
 * Which rules each built-in resource has.
 *
 * @module
 */

import { csrStrategy } from "./csr.ts";
import { crdStrategy } from "./custom_resource_definition.ts";
import { namespaceStrategy } from "./namespace.ts";
import { nodeStrategy } from "./node.ts";
import { pdbStrategy } from "./pod_disruption_budget.ts";
import { podStrategy } from "./pod.ts";
import { configMapStrategy, secretStrategy } from "./secret.ts";
import { eventStrategy, leaseStrategy, serviceStrategy } from "./small_kinds.ts";
import { plainStrategy, type Strategy } from "./strategy.ts";
import { webhookConfigurationStrategy } from "./webhook_configuration.ts";
import { statusStrategy, workloadStrategy } from "./workload.ts";

const strategies: Readonly<Record<string, Strategy>> = {
  namespaces: namespaceStrategy,
  nodes: nodeStrategy,
  pods: podStrategy,
  events: eventStrategy,
  secrets: secretStrategy,
  configmaps: configMapStrategy,
  services: serviceStrategy,
  "deployments.apps": workloadStrategy,
  "replicasets.apps": workloadStrategy,
  "statefulsets.apps": workloadStrategy,
  "daemonsets.apps": workloadStrategy,
  "jobs.batch": workloadStrategy,
  resourcequotas: statusStrategy,
  "leases.coordination.k8s.io": leaseStrategy,
  "certificatesigningrequests.certificates.k8s.io": csrStrategy,
  "poddisruptionbudgets.policy": pdbStrategy,
  "customresourcedefinitions.apiextensions.k8s.io": crdStrategy,
  "validatingwebhookconfigurations.admissionregistration.k8s.io": webhookConfigurationStrategy,
  "mutatingwebhookconfigurations.admissionregistration.k8s.io": webhookConfigurationStrategy,
};

/** The rules of a built-in resource, named `plural` or `plural.group`. */
export function strategyOf(resource: string): Strategy {
  return strategies[resource] ?? plainStrategy;
}
