/**
 * Every simulated cloud. Adding one adds a line.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import { createLambdaCloud, defaultLambdaKey } from "./lambda/mod.ts";
import { createPaperspaceCloud, defaultPaperspaceKey } from "./paperspace/mod.ts";
import { createRunpodCloud, defaultRunpodKey } from "./runpod/mod.ts";
import type { SimulatedCloud } from "./simulated_cloud.ts";

/** What every simulated cloud is made of. */
export interface SimulatedCloudDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys that work. */
  readonly apiKeys: readonly string[];
}

/** One simulated cloud. */
export interface SimulatedCloudRegistration {
  /** Canonical name: `lambda`. */
  readonly name: string;
  /** Key that works unless others are given. */
  readonly defaultKey: string;
  readonly create: (deps: SimulatedCloudDeps) => SimulatedCloud;
}

/** All of them, in alphabetical order. */
export const simulatedClouds: readonly SimulatedCloudRegistration[] = Object.freeze([
  { name: "lambda", defaultKey: defaultLambdaKey, create: createLambdaCloud },
  { name: "paperspace", defaultKey: defaultPaperspaceKey, create: createPaperspaceCloud },
  { name: "runpod", defaultKey: defaultRunpodKey, create: createRunpodCloud },
]);
