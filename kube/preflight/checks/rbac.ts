/**
 * Whether the controller may do what its code does.
 *
 * @module
 */

import {
  type AccessAttributes,
  type AccessSubject,
  askAccess,
  askingAboutOthers,
  describeAccess,
} from "../access_review.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";
import { listControllerRules } from "./controller_rules.ts";

/** Name of the controller's ServiceAccount. */
const serviceAccount = "tgp-controller";

/** The server answers such questions from memory; a few at a time are no burden for it. */
const questionsAtATime = 8;

/** See the module. */
export const rbacCheck: PreflightCheck = {
  names: ["rbac"],
  reads: ({ isController }) => isController ? [] : [askingAboutOthers],
  async run({ kube, namespace, isController }, signal) {
    const subject = isController ? undefined : toSubject(namespace);
    const rules = listControllerRules(namespace);
    const missing: AccessAttributes[] = [];
    for (let start = 0; start < rules.length; start += questionsAtATime) {
      const some = rules.slice(start, start + questionsAtATime);
      const allowed = await Promise.all(some.map((rule) => askAccess(kube, subject, rule, signal)));
      missing.push(...some.filter((_, index) => !allowed[index]));
    }
    return [judgeRules(missing, rules.length)];
  },
};

/** Judges what is not granted. @param total How many permissions were asked for. */
export function judgeRules(missing: readonly AccessAttributes[], total: number): Finding {
  const { ok, fail } = findingsOf("rbac");
  if (missing.length === 0) return ok(`the controller has the ${total} permissions that it uses`);
  return fail(
    `the controller may not ${missing.map(describeAccess).join(", ")}`,
    command("kubectl apply -k manifests/rbac"),
  );
}

/** A ServiceAccount as the API server knows it when it logs in. */
function toSubject(namespace: string): AccessSubject {
  return {
    user: `system:serviceaccount:${namespace}:${serviceAccount}`,
    groups: [
      "system:serviceaccounts",
      `system:serviceaccounts:${namespace}`,
      "system:authenticated",
    ],
  };
}
