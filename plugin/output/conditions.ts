/**
 * Conditions, as lists and descriptions show them.
 *
 * @module
 */

import type { Fields } from "../../kube/fields.ts";

/** One condition. */
export interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The conditions of a status. @throws {FieldError} */
export function readConditions(status: Fields): readonly ConditionView[] {
  return status.fieldsList("conditions").map((condition) => ({
    type: condition.requiredString("type"),
    status: condition.requiredString("status"),
    reason: condition.string("reason") ?? "",
    message: condition.string("message") ?? "",
  }));
}

/** The condition that sums the object up. */
export function findReady(conditions: readonly ConditionView[]): ConditionView | undefined {
  return conditions.find(({ type }) => type === "Ready");
}
