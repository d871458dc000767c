/**
 * Counts pods per domain and says where a pod may go so that spread, affinity and anti-affinity hold.
 *
 * Equal terms of many pods share one group. A group counts the pods it selects per domain; for
 * anti-affinity it also counts, per domain, the pods that demand it, so that a newcomer which they
 * repel is kept away although it demands nothing itself.
 *
 * On a machine whose domain is not decided yet (a claim that may still be bought in several regions) a
 * selected pod may turn up in any domain: it then blocks all of them for anti-affinity, and counts in
 * none for affinity and spread. The solver avoids that case: where it places a pod that any group
 * looks at, it pins the machine to one domain.
 *
 * @module
 */

import type { Pod } from "../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../schemas/labels.ts";
import { labelOf } from "../label_of.ts";
import { type Requirements, satisfies } from "../requirements.ts";
import { matchesSelector } from "../selectors.ts";
import type { TopologyTerm } from "./topology_terms.ts";

/** One term, shared by all pods that have it. */
export interface TopologyGroup {
  readonly term: TopologyTerm;
  /** Nodes that suit one of these count; all nodes when empty. Spread only. */
  readonly suitable: readonly Requirements[];
  /** All domains that nodes have or could have; not kept for hostnames. Spread only. */
  readonly domains: Set<string>;
  readonly selected: DomainCounts;
  /** Pods that have the term. Anti-affinity only. */
  readonly owners: DomainCounts;
  /** Where the first pod of an affinity should go; anywhere when absent. */
  chosen?: string | undefined;
}

/** How the groups bear on one class of pods. */
export interface Relevance {
  /** Groups of the pod's own terms, and whether it counts for them itself. */
  readonly own: readonly { readonly group: TopologyGroup; readonly countsItself: boolean }[];
  /** Groups that select the pod. */
  readonly selecting: readonly TopologyGroup[];
  /** Label keys other than hostname on which its machine's domain must be decided. */
  readonly keys: readonly string[];
  /** Whether nothing looks at the pod and it looks at nothing. */
  readonly isFree: boolean;
}

/** Where a pod was put. */
export interface Site {
  /** The domain on a label key: a value, `undefined` if the node lacks the label, or not decided. */
  domain(key: string): string | undefined | typeof undecided;
  readonly labels: Readonly<Record<string, string>>;
}

/** The domain of a machine that may still be bought in several. */
export const undecided: unique symbol = Symbol("undecided domain");

/** Pods per domain. */
export class DomainCounts {
  readonly #counts: Map<string, number>;
  total: number;
  /** Pods whose domain is not decided. */
  undecided: number;

  constructor(from?: DomainCounts) {
    this.#counts = new Map(from ? from.#counts : []);
    this.total = from?.total ?? 0;
    this.undecided = from?.undecided ?? 0;
  }

  get(domain: string): number {
    return this.#counts.get(domain) ?? 0;
  }

  add(domain: string | undefined | typeof undecided, times: number): void {
    if (domain === undefined) return;
    this.total += times;
    if (domain === undecided) this.undecided += times;
    else this.#counts.set(domain, this.get(domain) + times);
  }

  /** Domains with at least one pod. */
  occupied(): string[] {
    return [...this.#counts].flatMap(([domain, count]) => count > 0 ? [domain] : []);
  }
}

/** All groups of one solve. */
export class Topology {
  readonly #groups: Map<string, TopologyGroup>;

  constructor(groups: Map<string, TopologyGroup> = new Map()) {
    this.#groups = groups;
  }

  /** Whether no pod demands anything of its neighbours. */
  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** The groups, in the order in which they were added. */
  get groups(): Iterable<TopologyGroup> {
    return this.#groups.values();
  }

  /** The group of a term, made if it is new. */
  addTerm(term: TopologyTerm, alternatives: readonly Requirements[]): TopologyGroup {
    const restricts = term.kind === "spread" && term.onlySuitableNodes &&
      alternatives.some(({ size }) => size > 0);
    const suitable = restricts ? alternatives : [];
    const key = JSON.stringify([term, suitable.map(keyOfRequirements)]);
    const existing = this.#groups.get(key);
    if (existing) return existing;
    const group: TopologyGroup = {
      term,
      suitable,
      domains: new Set(),
      selected: new DomainCounts(),
      owners: new DomainCounts(),
    };
    this.#groups.set(key, group);
    return group;
  }

  /** Makes known that nodes with these labels exist or can be bought. */
  addDomains(labels: Readonly<Record<string, string>>): void {
    for (const group of this.#groups.values()) {
      const { kind, key } = group.term;
      if (kind !== "spread" || key === labelKeys.hostname) continue;
      const domain = labelOf(labels, key);
      if (domain !== undefined && counts(group, labels)) group.domains.add(domain);
    }
  }

  /** How the groups bear on pods like this one. */
  relevanceOf(
    pod: Pod,
    { terms, alternatives }: {
      readonly terms: readonly TopologyTerm[];
      readonly alternatives: readonly Requirements[];
    },
  ): Relevance {
    const own = terms.map((term) => {
      const group = this.addTerm(term, alternatives);
      return { group, countsItself: selects(group, pod) };
    });
    const selecting = [...this.#groups.values()].filter((group) => selects(group, pod));
    const keys = new Set(
      [...own.map(({ group }) => group), ...selecting].map(({ term }) => term.key),
    );
    keys.delete(labelKeys.hostname);
    return {
      own,
      selecting,
      keys: [...keys].sort(),
      isFree: own.length === 0 && selecting.length === 0,
    };
  }

  /** Counts pods that were put somewhere; `times` may be negative to take them back. */
  record({ own, selecting }: Relevance, site: Site, times = 1): void {
    for (const group of selecting) {
      if (counts(group, site.labels)) group.selected.add(site.domain(group.term.key), times);
    }
    for (const { group } of own) {
      if (group.term.kind === "antiAffinity") group.owners.add(site.domain(group.term.key), times);
    }
  }

  /** Whether a pod may go to a domain of a label key, by all terms on that key. */
  allows(relevance: Relevance, key: string, domain: string | undefined): boolean {
    for (const entry of relevance.own) {
      if (entry.group.term.key === key && !allowsOwn(entry, domain, relevance)) return false;
    }
    for (const { term, owners } of relevance.selecting) {
      if (term.kind !== "antiAffinity" || term.key !== key || domain === undefined) continue;
      if (owners.undecided > 0 || owners.get(domain) > 0) return false;
    }
    return true;
  }

  /** An independent copy: what is recorded in it does not change this one. */
  clone(): { readonly topology: Topology; translate(relevance: Relevance): Relevance } {
    const copies = new Map<TopologyGroup, TopologyGroup>();
    const groups = new Map<string, TopologyGroup>();
    for (const [key, group] of this.#groups) {
      const copy = {
        ...group,
        selected: new DomainCounts(group.selected),
        owners: new DomainCounts(group.owners),
      };
      copies.set(group, copy);
      groups.set(key, copy);
    }
    const copyOf = (group: TopologyGroup) => copies.get(group) ?? group;
    return {
      topology: new Topology(groups),
      translate: (relevance) => ({
        ...relevance,
        own: relevance.own.map((entry) => ({ ...entry, group: copyOf(entry.group) })),
        selecting: relevance.selecting.map(copyOf),
      }),
    };
  }
}

function allowsOwn(
  { group, countsItself }: Relevance["own"][number],
  domain: string | undefined,
  relevance: Relevance,
): boolean {
  const { term, selected } = group;
  switch (term.kind) {
    case "antiAffinity":
      // A node without the label is in no domain, so that nothing there can be too near.
      return domain === undefined || (selected.undecided === 0 && selected.get(domain) === 0);
    case "affinity":
      if (domain === undefined) return false;
      return selected.get(domain) > 0 ||
        (isFirstOfItsKind(relevance) && (group.chosen ?? domain) === domain);
    case "spread": {
      if (domain === undefined) return false;
      const isHostname = term.key === labelKeys.hostname;
      if (!isHostname && !group.domains.has(domain)) return false;
      // A new machine is always possible, so that the emptiest host counts as empty.
      const least = isHostname ? 0 : leastSelected(group);
      return selected.get(domain) + (countsItself ? 1 : 0) - least <= term.maxSkew;
    }
  }
}

/** Kubernetes' rule for the first pod: no pod meets any of its affinities yet, and it would itself. */
function isFirstOfItsKind({ own }: Relevance): boolean {
  return own.every(({ group, countsItself }) =>
    group.term.kind !== "affinity" || (countsItself && group.selected.total === 0)
  );
}

function leastSelected({ term, domains, selected }: TopologyGroup): number {
  if (domains.size < term.minDomains) return 0;
  let least = Infinity;
  for (const domain of domains) least = Math.min(least, selected.get(domain));
  return least === Infinity ? 0 : least;
}

function selects({ term }: TopologyGroup, pod: Pod): boolean {
  if (term.namespaces && !term.namespaces.includes(pod.metadata.namespace ?? "default")) {
    return false;
  }
  return matchesSelector(term.selector, pod.metadata.labels);
}

function counts({ suitable }: TopologyGroup, labels: Readonly<Record<string, string>>): boolean {
  return suitable.length === 0 || suitable.some((requirements) => satisfies(labels, requirements));
}

function keyOfRequirements(requirements: Requirements): unknown {
  return [...requirements].map(([key, { values, ...rest }]) => [key, [...values], rest]);
}
