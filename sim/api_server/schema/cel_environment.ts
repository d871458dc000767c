/**
 * The CEL that rules are written in: the language, with the Kubernetes functions that are in use.
 *
 * Not there: the url, ip, cidr, format and semver libraries. A rule that needs one is refused with its
 * CustomResourceDefinition, not passed over.
 *
 * @module
 */

import { Environment } from "@marcbachmann/cel-js";

const quantityPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)(([KMGTPE]i)|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Registers everything. Lists of any type come as arrays, ints as bigints. */
export function createCelEnvironment(): Environment {
  return new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  })
    .registerFunction("isQuantity(string): bool", (text: string) => quantityPattern.test(text))
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => new RegExp(pattern).exec(text)?.[0] ?? "",
    )
    .registerFunction(
      "string.replace(string, string): string",
      (text: string, from: string, to: string) => text.replaceAll(from, to),
    )
    .registerFunction(
      "list<dyn>.isSorted(): bool",
      (list: readonly (string | bigint | number)[]) =>
        list.every((item, index) => {
          const before = list[index - 1];
          return before === undefined || before <= item;
        }),
    )
    .registerFunction(
      "list<dyn>.sum(): dyn",
      (list: readonly bigint[]) => list.reduce((sum, item) => sum + item, 0n),
    );
}
