/**
 * What Kubernetes adds to lists, sets and texts: k8s.io/apiserver `pkg/cel/library/lists.go`, `regex.go`,
 * and cel-go's `ext` for sets and strings, v0.36.
 *
 * @module
 */

import type { Environment } from "@marcbachmann/cel-js";

class SetsNamespace {}

type Comparable = string | number | bigint | Date;

/** Registers the functions. */
export function registerCollections(environment: Environment): Environment {
  return registerTexts(registerSets(registerLists(environment)));
}

function registerLists(environment: Environment): Environment {
  return environment
    .registerFunction(
      "list<dyn>.isSorted(): bool",
      (list: readonly Comparable[]) =>
        list.every((item, index) => {
          const before = list[index - 1];
          return before === undefined || before <= item;
        }),
    )
    .registerFunction("list<dyn>.sum(): dyn", sum)
    .registerFunction("list<dyn>.min(): dyn", (list: readonly Comparable[]) => least(list, -1))
    .registerFunction("list<dyn>.max(): dyn", (list: readonly Comparable[]) => least(list, 1))
    .registerFunction(
      "list<dyn>.indexOf(dyn): int",
      (list: readonly unknown[], item: unknown) =>
        BigInt(list.findIndex((one) => equals(one, item))),
    )
    .registerFunction(
      "list<dyn>.lastIndexOf(dyn): int",
      (list: readonly unknown[], item: unknown) =>
        BigInt(list.findLastIndex((one) => equals(one, item))),
    );
}

function registerSets(environment: Environment): Environment {
  const contains = (list: readonly unknown[], others: readonly unknown[]) =>
    others.every((other) => list.some((item) => equals(item, other)));
  const type = "SetsNamespace";
  return environment
    .registerType(type, SetsNamespace)
    .registerConstant("sets", type, new SetsNamespace())
    .registerFunction(
      `${type}.contains(list<dyn>, list<dyn>): bool`,
      (_: SetsNamespace, list: readonly unknown[], others: readonly unknown[]) =>
        contains(list, others),
    )
    .registerFunction(
      `${type}.equivalent(list<dyn>, list<dyn>): bool`,
      (_: SetsNamespace, list: readonly unknown[], others: readonly unknown[]) =>
        contains(list, others) && contains(others, list),
    )
    .registerFunction(
      `${type}.intersects(list<dyn>, list<dyn>): bool`,
      (_: SetsNamespace, list: readonly unknown[], others: readonly unknown[]) =>
        others.some((other) => contains(list, [other])),
    );
}

function registerTexts(environment: Environment): Environment {
  return environment
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => new RegExp(pattern).exec(text)?.[0] ?? "",
    )
    .registerFunction(
      "string.findAll(string): list<string>",
      (text: string, pattern: string) => findAll(text, pattern, Infinity),
    )
    .registerFunction(
      "string.findAll(string, int): list<string>",
      (text: string, pattern: string, most: bigint) =>
        findAll(text, pattern, most < 0n ? Infinity : Number(most)),
    )
    .registerFunction("string.charAt(int): string", (text: string, index: bigint) => {
      const characters = [...text];
      if (index < 0n || index > characters.length) throw new RangeError("index out of range");
      return characters[Number(index)] ?? "";
    })
    .registerFunction(
      "string.replace(string, string): string",
      (text: string, from: string, to: string) => replace(text, from, to, Infinity),
    )
    .registerFunction(
      "string.replace(string, string, int): string",
      (text: string, from: string, to: string, most: bigint) =>
        replace(text, from, to, most < 0n ? Infinity : Number(most)),
    );
}

function sum(list: readonly (number | bigint)[]): number | bigint {
  if (list.every((item) => typeof item === "bigint")) {
    return list.reduce((total, item) => total + item, 0n);
  }
  return list.reduce<number>((total, item) => total + Number(item), 0);
}

/** The least, or with `sign` 1 the greatest. */
function least(list: readonly Comparable[], sign: 1 | -1): Comparable {
  const [first] = list;
  if (first === undefined) {
    throw new RangeError(`${sign < 0 ? "min" : "max"} called on empty list`);
  }
  return list.reduce((best, item) => (sign < 0 ? item < best : item > best) ? item : best, first);
}

function findAll(text: string, pattern: string, most: number): string[] {
  return [...text.matchAll(new RegExp(pattern, "g"))].map(([found]) => found).slice(0, most);
}

function replace(text: string, from: string, to: string, most: number): string {
  const parts = text.split(from);
  const replaced = parts.slice(0, Math.min(most, parts.length - 1) + 1);
  return [replaced.join(to), ...parts.slice(replaced.length)].join(from);
}

/** By value, as CEL compares; numbers of either kind with each other. */
function equals(left: unknown, right: unknown): boolean {
  return toKey(left) === toKey(right);
}

function toKey(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === "bigint") return { number: String(part) };
    if (typeof part === "number") return { number: String(part) };
    return part;
  });
}
