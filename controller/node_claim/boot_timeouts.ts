/**
 * How long each step of a boot may take.
 *
 * @module
 */

import type { BootTimeouts } from "../../providers/contract.ts";
import type { Account } from "../accounts/account.ts";

/** The class's own limits where it has any, the cloud's for that many GPUs otherwise. */
export function bootTimeouts(account: Account, gpuCount: number): BootTimeouts {
  const defaults = account.provider.bootTimeouts(gpuCount);
  const own = account.entry?.timeouts;
  return {
    launch: own?.launch ?? defaults.launch,
    registration: own?.registration ?? defaults.registration,
    initialization: own?.initialization ?? defaults.initialization,
  };
}
