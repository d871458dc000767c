/**
 * What both protocols of the simulated RunPod stand on.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { FaultQueue } from "../faults.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import type { RunpodFaultAnswer, RunpodOperation } from "./faults.ts";
import type { Keyring } from "./keys.ts";
import type { Market } from "./market.ts";

/** What both protocols stand on. */
export interface ApiDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly keyring: Keyring;
  readonly faults: FaultQueue<RunpodOperation, RunpodFaultAnswer>;
  readonly behaviour: () => RunpodBehaviour;
}
