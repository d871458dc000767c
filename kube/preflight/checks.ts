/**
 * Every check, in the order in which they are shown: the cluster, the controller, the machines.
 *
 * @module
 */

import { apiServerCheck } from "./checks/api_server.ts";
import { approverCheck } from "./checks/approver.ts";
import { bootstrapTokensCheck } from "./checks/bootstrap_tokens.ts";
import { classHealthCheck } from "./checks/class_health.ts";
import { clockCheck } from "./checks/clock.ts";
import { gpuPluginCheck } from "./checks/gpu_plugin.ts";
import { joinConfigCheck } from "./checks/join_config.ts";
import { leaderCheck } from "./checks/leader.ts";
import { machineBootstrapCheck } from "./checks/machine_bootstrap.ts";
import { rbacCheck } from "./checks/rbac.ts";
import { resourceKindsCheck } from "./checks/resource_kinds.ts";
import { webhookAnswerCheck } from "./checks/webhook_answer.ts";
import { webhookCheck } from "./checks/webhook.ts";
import type { PreflightCheck } from "./preflight_check.ts";

/** What is looked at for a person. */
export const allChecks: readonly PreflightCheck[] = [
  apiServerCheck,
  resourceKindsCheck,
  webhookCheck,
  webhookAnswerCheck,
  rbacCheck,
  leaderCheck,
  clockCheck,
  approverCheck,
  bootstrapTokensCheck,
  joinConfigCheck,
  gpuPluginCheck,
  machineBootstrapCheck,
  classHealthCheck,
];

/**
 * What a controller looks at when it begins to lead. It knows that it leads, and what its classes say it has
 * written itself; the webhook it serves is asked by whoever creates something.
 */
export const controllerChecks: readonly PreflightCheck[] = allChecks.filter((check) =>
  ![leaderCheck, classHealthCheck, webhookAnswerCheck].includes(check)
);
