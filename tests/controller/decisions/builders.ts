/**
 * Passes of the provisioner, made by the solver itself.
 *
 * @module
 */

import type { Pass } from "../../../controller/decisions/summarize_pass.ts";
import { solve } from "../../../scheduling/solver.ts";
import type { SolveInput } from "../../../scheduling/plan.ts";
import { testStart } from "../../support/controller_builders.ts";

/** What the solver makes of an input; each machine's claim is called `<pool>-<position>`. */
export function passOf(input: SolveInput, change: Partial<Pass> = {}): Pass {
  const plan = solve(input);
  const created = new Map(
    plan.newNodes.map((node, index) => [node, `${node.poolName}-${index}`]),
  );
  return { input, plan, created, poolOf: () => "gpu", now: testStart, ...change };
}
