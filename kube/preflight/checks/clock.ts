/**
 * Whether clocks agree.
 *
 * @module
 */

import { type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";

/** The `Date` header tells whole seconds, and answers take a while. */
const toleratedMs = 3_000;
/** Bootstrap tokens live for minutes; a controller that is off by more cuts into that. */
const harmfulMs = 60_000;

/** See the module. */
export const clockCheck: PreflightCheck = {
  names: ["clock"],
  reads: () => [],
  run: ({ clockSkewMs, isController }) =>
    Promise.resolve([judgeClock(clockSkewMs(), isController)]),
};

/**
 * Judges the difference between two clocks.
 *
 * @param skewMs How far ours is behind the API server's; negative if it is ahead; `undefined` if not known.
 */
export function judgeClock(skewMs: number | undefined, isController: boolean): Finding {
  const { ok, warn, fail, unknown } = findingsOf("clock");
  if (skewMs === undefined) return unknown("the API server has not told its time");
  const size = Math.abs(skewMs);
  if (size <= toleratedMs) return ok("agrees with the API server's");
  const seconds = Math.round(size / 1_000);
  const difference = `${seconds}s ${skewMs > 0 ? "behind" : "ahead of"} the API server's`;
  const remedy = "Set it, for example with chrony or systemd-timesyncd.";
  if (!isController) {
    return warn(
      `this machine's clock is ${difference}; ages are shown by the API server's`,
      remedy,
    );
  }
  const message = `the controller's clock is ${difference}: tokens and time limits are wrong`;
  return size > harmfulMs ? fail(message, remedy) : warn(message, remedy);
}
