/**
 * What carries a request out.
 *
 * @module
 */

import type { Account } from "./account.ts";

/** A request that is understood. */
export interface OperationInput {
  readonly account: Account;
  /** The id or address in the path. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; absent if there is none. */
  readonly body: unknown;
}

/** Carries a request out. @returns The answer's body. @throws {Refusal} */
export type Operation = (input: OperationInput) => unknown;

/** Keeps what a list's `name` parameter asks for: clients met names that only contain it. */
export function filterByName<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { account, query }: OperationInput,
): readonly Item[] {
  const { name } = query;
  if (name === undefined) return items;
  switch (account.switches.behaviour.nameFilter) {
    case "contains":
      return items.filter((item) => nameOf(item).includes(name));
    case "exact":
      return items.filter((item) => nameOf(item) === name);
    case "ignored":
      return items;
  }
}
