/**
 * What is said when a teardown does not come to its end.
 *
 * @module
 */

import { KubeError } from "../../kube/kube.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import type { Io } from "../io.ts";
import { countOf } from "../output/count.ts";
import { PluginError } from "../plugin_error.ts";
import { toResumeCommands } from "./pause_pools.ts";
import { DeadlineError } from "./until_deadline.ts";

/**
 * What goes on, what does not, and how to change that, when the work was cut off.
 *
 * @param paused Names of pools.
 * @param left How many claims there are.
 */
export function explainStop(
  io: Io,
  { paused, left }: { readonly paused: readonly string[]; readonly left: number },
  signal: AbortSignal,
): void {
  const why = signal.aborted && signal.reason instanceof DeadlineError
    ? "The time is up"
    : signal.aborted
    ? "Interrupted"
    : "Stopped";
  io.message(
    left > 0
      ? `${why}: ${countOf(left, "claim")} left; the controller goes on ending what was deleted.`
      : `${why}: no claim is left, but it is not certain that no machine is.`,
  );
  io.message("Run the same command again to go on.");
  if (paused.length === 0) return;
  io.message("Pools stay paused, so that nothing is bought meanwhile. To let them buy again:");
  for (const command of toResumeCommands(paused)) io.message(`  ${command}`);
}

/** No claim is left, but not every account could be asked. @param classes Names of those that stay for it. */
export function explainUnseen(
  io: Io,
  unseen: readonly string[],
  classes: readonly string[],
): void {
  io.message("Every claim is ended: the controller has seen that its machine is gone.");
  io.message("Whether anything else is left could not be looked at everywhere from here:");
  for (const line of unseen) io.message(`  ${line}`);
  io.message("Look with keys of your own: kubectl tgp instances --local");
  if (classes.length === 0) return;
  io.message("Then delete what would keep TGP from being removed:");
  io.message(`  kubectl delete gpunodeclass ${classes.join(" ")}`);
}

/** The exit status of work that was cut off. */
export function cutOff(signal: AbortSignal): ExitCode {
  return signal.reason instanceof DeadlineError ? exitCodes.timedOut : exitCodes.failure;
}

/** Errors of `kube/` that mean that nobody answered. */
const silence: ReadonlySet<string> = new Set([
  "KubeconfigError",
  "KubeConnectionError",
  "KubeTimeoutError",
]);

/** What the user can do where the API server refuses, or does not answer. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof Error && silence.has(error.name)) {
    return new PluginError(error.message, {
      remedy: ["If the cluster is gone: kubectl tgp teardown --local"],
    });
  }
  if (!(error instanceof KubeError)) return error;
  if (/failed calling webhook/.test(error.message)) {
    return new PluginError(error.message, {
      remedy: [
        "Without the webhook no pool can be paused. Look why it does not answer:",
        "    kubectl tgp doctor",
      ],
    });
  }
  if (error.code !== 403) return error;
  // Who may look may not yet end.
  return new PluginError(error.message, {
    exitCode: exitCodes.notAllowed,
    remedy: [
      "Ask for the ClusterRole tgp-admin, and for get on the Secrets with the clouds' keys.",
    ],
  });
}
