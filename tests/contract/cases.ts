/**
 * The contract: what this project relies on of Kubernetes, as cases that run on the box and on a real
 * control plane.
 *
 * @module
 */

import { applyCases } from "./apply_cases.ts";
import { celCases } from "./cel_cases.ts";
import type { ContractCase } from "./cluster.ts";
import { customResourceCases } from "./custom_resource_cases.ts";
import { deletionCases } from "./deletion_cases.ts";
import { identityCases } from "./identity_cases.ts";
import { kubeletCases } from "./kubelet_cases.ts";
import { listCases } from "./list_cases.ts";
import { objectCases } from "./object_cases.ts";
import { patchCases } from "./patch_cases.ts";
import { podCases } from "./pod_cases.ts";
import { schedulingCases } from "./scheduling_cases.ts";
import { secretCases } from "./secret_cases.ts";
import { tableCases } from "./table_cases.ts";
import { watchCases } from "./watch_cases.ts";
import { webhookCases } from "./webhook_cases.ts";

/** Every case, by what it is about. */
export const contract: Readonly<Record<string, readonly ContractCase[]>> = {
  objects: objectCases,
  deletion: deletionCases,
  lists: listCases,
  watches: watchCases,
  patches: patchCases,
  apply: applyCases,
  "custom resources": customResourceCases,
  rules: celCases,
  webhooks: webhookCases,
  secrets: secretCases,
  pods: podCases,
  tables: tableCases,
  identity: identityCases,
  kubelets: kubeletCases,
  scheduling: schedulingCases,
};
