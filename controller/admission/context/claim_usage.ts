/**
 * What the claims of pools and classes have, counted once until one of theirs changes: a decision must not
 * go through the whole fleet.
 *
 * @module
 */

import type { Change } from "../../../kube/change.ts";
import { computeUsage, noUsage, type Usage } from "../../../scheduling/budget.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";

/** Whose claims. */
export type UsageScope = "pool" | "class";

/** The claims of one pool or class, and what they have, once it was asked for. */
interface Group {
  readonly claims: Map<string, GPUNodeClaim>;
  usage: Usage | undefined;
}

/** See the module. */
export class ClaimUsage {
  readonly #groups: Readonly<Record<UsageScope, Map<string, Group>>> = {
    pool: new Map(),
    class: new Map(),
  };

  /** Takes a change in. */
  apply({ key, object, old }: Change<GPUNodeClaim>): void {
    for (const [scope, name] of namesOf(old)) this.#remove(scope, name, key);
    if (object === undefined) return;
    for (const [scope, name] of namesOf(object)) this.#add(scope, name, key, object);
  }

  /** What the claims of a pool or class have. What was spent is the ledger's to tell, and zero here. */
  of(scope: UsageScope, name: string): Usage {
    const group = this.#groups[scope].get(name);
    if (group === undefined) return noUsage;
    group.usage ??= computeUsage({ claims: [...group.claims.values()], ledger: [], now: 0 });
    return group.usage;
  }

  #add(scope: UsageScope, name: string, key: string, claim: GPUNodeClaim): void {
    const group = this.#groups[scope].get(name) ?? { claims: new Map(), usage: undefined };
    group.claims.set(key, claim);
    group.usage = undefined;
    this.#groups[scope].set(name, group);
  }

  #remove(scope: UsageScope, name: string, key: string): void {
    const group = this.#groups[scope].get(name);
    if (group === undefined) return;
    group.claims.delete(key);
    group.usage = undefined;
    if (group.claims.size === 0) this.#groups[scope].delete(name);
  }
}

function namesOf(claim: GPUNodeClaim | undefined): readonly (readonly [UsageScope, string])[] {
  if (claim === undefined) return [];
  const { nodePoolRef, nodeClassRef } = claim.spec;
  return [
    ["class", nodeClassRef.name],
    ...nodePoolRef === undefined ? [] : [["pool", nodePoolRef.name] as const],
  ];
}
