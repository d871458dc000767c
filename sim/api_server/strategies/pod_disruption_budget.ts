/**
 * Rules of PodDisruptionBudgets.
 *
 * @module
 */

import { asObject } from "../json.ts";
import type { Strategy } from "./strategy.ts";

/** What a new budget's status says until a controller has counted: no disruption is allowed. */
const uncounted = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

/** See the module. */
export const pdbStrategy: Strategy = {
  prepareForCreate: (pdb) => ({ ...pdb, status: uncounted }),
  validate: ({ spec }) => {
    const { minAvailable, maxUnavailable } = asObject(spec);
    if (minAvailable === undefined || maxUnavailable === undefined) return [];
    return [{
      reason: "FieldValueInvalid",
      field: "spec",
      message: `Invalid value: ${
        JSON.stringify(spec)
      }: minAvailable and maxUnavailable cannot be both set`,
    }];
  },
};
