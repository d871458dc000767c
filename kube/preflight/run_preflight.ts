/**
 * Runs checks side by side, each with a time limit.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import { withDeadline } from "../deadline.ts";
import { KubeTimeoutError, toMessage } from "../errors.ts";
import { KubeError } from "../kube.ts";
import { askAccess, describeAccess } from "./access_review.ts";
import { classFacts } from "./class_facts.ts";
import { type Finding, findingsOf } from "./finding.ts";
import type { PreflightCheck, PreflightContext } from "./preflight_check.ts";

/** How long one check may take, in milliseconds: people are waiting. */
export const checkPatienceMs = 10_000;

/** What the caller knows; the rest of the context is made here. */
export type PreflightInput = Omit<PreflightContext, "classes">;

/**
 * Runs checks. Never throws but the signal's reason: what cannot be looked at is a finding.
 *
 * @param limitClock For time limits: real time, or a test's.
 * @returns In the order of the checks.
 */
export async function runPreflight(
  checks: readonly PreflightCheck[],
  input: PreflightInput,
  limitClock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  let classes: ReturnType<PreflightContext["classes"]> | undefined;
  const context: PreflightContext = {
    ...input,
    classes: () =>
      classes ??= input.kube.list(classFacts, { signal }).then(({ items }) =>
        [...items].sort((left, right) => left.name < right.name ? -1 : 1)
      ),
  };
  const findings = await Promise.all(
    checks.map((check) => runCheck(check, context, limitClock, signal)),
  );
  return findings.flat();
}

async function runCheck(
  check: PreflightCheck,
  context: PreflightContext,
  limitClock: Clock,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const toError = () => new KubeTimeoutError(`no answer within ${checkPatienceMs / 1_000}s`);
  try {
    return await withDeadline(
      limitClock,
      { timeoutMs: checkPatienceMs, toError },
      signal,
      async (limited) => {
        const missing = await findMissingAccess(check, context, limited);
        if (missing !== undefined) return toUnknown(check, `may not ${missing}`, context);
        return await check.run(context, limited);
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    return toUnknown(check, toMessage(error), context, error);
  }
}

/** A request that is refused would be noted as an offence in the cluster's audit log. */
async function findMissingAccess(
  check: PreflightCheck,
  context: PreflightContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!context.isController) return undefined;
  for (const access of check.reads(context)) {
    if (await askAccess(context.kube, undefined, access, signal)) continue;
    return describeAccess(access);
  }
  return undefined;
}

function toUnknown(
  check: PreflightCheck,
  message: string,
  context: PreflightContext,
  error?: unknown,
): readonly Finding[] {
  const needs = check.reads(context).map(describeAccess);
  const isForbidden = error === undefined || (error instanceof KubeError && error.code === 403);
  const remedy = isForbidden && needs.length > 0 ? [`Looking needs: ${needs.join("; ")}`] : [];
  return check.names.map((name) => findingsOf(name).unknown(message, ...remedy));
}
