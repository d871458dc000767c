/**
 * The clouds of the demo: what each has to offer, and what goes wrong there.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import { createLambdaCloud, defaultLambdaKey } from "../clouds/lambda/mod.ts";
import { createPaperspaceCloud, defaultPaperspaceKey } from "../clouds/paperspace/mod.ts";
import { createRunpodCloud, defaultRunpodKey } from "../clouds/runpod/mod.ts";
import type { SimulatedCloud } from "../clouds/simulated_cloud.ts";
import type { SceneOptions } from "./scene.ts";

const minuteMs = 60_000;

/** The class and pool that buy from all of them. */
export const marketScene: SceneOptions = Object.freeze({
  example: "three-clouds.yaml",
  apiKeys: { lambda: defaultLambdaKey, paperspace: defaultPaperspaceKey, runpod: defaultRunpodKey },
});

/** Three accounts, one at each cloud. */
export function createMarket(
  deps: { readonly clock: Clock; readonly random: Random },
): readonly SimulatedCloud[] {
  const lambda = createLambdaCloud({
    ...deps,
    // The first A10 is listed with stock and refused when asked for, as the real cloud does at times.
    behaviour: {
      bootMs: { single: 3 * minuteMs, multiple: 10 * minuteMs },
      phantomStock: ["gpu_1x_a10/us-west-1"],
    },
    stock: {
      gpu_1x_a10: { "us-east-1": 2, "us-west-1": 1 },
      gpu_1x_h100_sxm5: { "us-south-2": 8 },
      gpu_8x_h100_sxm5: { "us-south-3": 1 },
      gpu_8x_b200_sxm6: { "us-east-1": 1 },
    },
  });
  const paperspace = createPaperspaceCloud({
    ...deps,
    // Takes the order, bills, and says minutes later that there is no capacity.
    behaviour: { phantomStock: ["A5000/ca1"] },
    stock: { A4000: { ny2: 2, ams1: 1 }, A5000: { ny2: 1, ca1: 1 }, P5000: { ams1: 3 } },
  });
  return [lambda, paperspace, createRunpodCloud(deps)];
}
