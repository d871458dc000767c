/**
 * `quantity(…)`, as k8s.io/apiserver `pkg/cel/library/quantity.go` has it, v0.36; to a thousandth, which
 * is as fine as resources are counted.
 *
 * @module
 */

import type { Environment } from "@marcbachmann/cel-js";
import { toMilli } from "../quantity.ts";

const form = /^[+-]?(\d+(\.\d*)?|\.\d+)(([KMGTPE]i)|[numkMGTPE]|[eE][+-]?\d+)?$/;

class Quantity {
  /** Thousandths. */
  readonly milli: bigint;

  constructor(milli: bigint) {
    this.milli = milli;
  }
}

function readQuantity(text: string): Quantity {
  if (!form.test(text)) throw new RangeError(`quantities must match the regular expression`);
  return new Quantity(toMilli(text));
}

function compare(left: bigint, right: bigint): bigint {
  return left < right ? -1n : left > right ? 1n : 0n;
}

/** Registers the functions. */
export function registerQuantities(environment: Environment): Environment {
  const type = "kubernetes.Quantity";
  const isInteger = ({ milli }: Quantity) =>
    milli % 1000n === 0n && BigInt.asIntN(64, milli / 1000n) === milli / 1000n;
  return environment
    .registerType(type, Quantity)
    .registerFunction(`quantity(string): ${type}`, readQuantity)
    .registerFunction("isQuantity(string): bool", (text: string) => form.test(text))
    .registerFunction(`${type}.isInteger(): bool`, isInteger)
    .registerFunction(`${type}.asInteger(): int`, (value: Quantity) => {
      if (isInteger(value)) return value.milli / 1000n;
      throw new RangeError("cannot convert value to integer");
    })
    .registerFunction(
      `${type}.asApproximateFloat(): double`,
      ({ milli }: Quantity) => Number(milli) / 1000,
    )
    .registerFunction(
      `${type}.add(${type}): ${type}`,
      (left: Quantity, right: Quantity) => new Quantity(left.milli + right.milli),
    )
    .registerFunction(
      `${type}.add(int): ${type}`,
      (left: Quantity, right: bigint) => new Quantity(left.milli + right * 1000n),
    )
    .registerFunction(
      `${type}.sub(${type}): ${type}`,
      (left: Quantity, right: Quantity) => new Quantity(left.milli - right.milli),
    )
    .registerFunction(
      `${type}.sub(int): ${type}`,
      (left: Quantity, right: bigint) => new Quantity(left.milli - right * 1000n),
    )
    .registerFunction(
      `${type}.compareTo(${type}): int`,
      (left: Quantity, right: Quantity) => compare(left.milli, right.milli),
    )
    .registerFunction(
      `${type}.isLessThan(${type}): bool`,
      (left: Quantity, right: Quantity) => left.milli < right.milli,
    )
    .registerFunction(
      `${type}.isGreaterThan(${type}): bool`,
      (left: Quantity, right: Quantity) => left.milli > right.milli,
    )
    .registerOperator(
      `${type} == ${type}`,
      (left: Quantity, right: Quantity) => left.milli === right.milli,
    );
}
