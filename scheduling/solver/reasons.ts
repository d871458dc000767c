/**
 * Why no pool serves a pod, and the smallest change that would help.
 *
 * @module
 */

import { labels as labelKeys } from "../../schemas/labels.ts";
import { freshNodeName, nodeNameField } from "../node_constraints.ts";
import { explainOffers } from "../offer_explanation.ts";
import type { PoolReason } from "../plan.ts";
import { describeCondition, formatRequirements } from "../requirement_text.ts";
import {
  type Conflict,
  findConflict,
  intersect,
  type Requirements,
  requirementsOfLabels,
} from "../requirements.ts";
import { matchesSelector } from "../selectors.ts";
import { findUntolerated, formatTaint } from "../taints.ts";
import { nextCommonBit } from "./bitset.ts";
import type { Demand } from "./demand.ts";
import { hasRoom } from "./dimensions.ts";
import type { Draft } from "./draft.ts";
import type { Option, Template } from "./options.ts";
import { purchaseOf } from "./wallet.ts";

/** A pool that cannot buy at all, with the reason. */
export interface BlockedPool {
  readonly name: string;
  readonly message: string;
}

/** Why each pool does not serve a class that still waits; pools of larger weight first, then by name. */
export function explainWaiting(
  draft: Draft,
  demand: Demand,
  { templates, blocked }: {
    readonly templates: readonly Template[];
    readonly blocked: readonly BlockedPool[];
  },
): readonly PoolReason[] {
  const buying = templates.map((template) => ({
    pool: template.pool.name,
    ...reasonOf(draft, demand, template),
  }));
  const others = blocked.map(({ name, message }) => ({
    pool: name,
    kind: "blocked" as const,
    message,
  }));
  return [...buying, ...others];
}

function reasonOf(draft: Draft, demand: Demand, template: Template): Omit<PoolReason, "pool"> {
  const { sample } = demand.podClass;
  const { podSelector, template: nodeTemplate } = template.pool.spec;
  if (podSelector && !matchesSelector(podSelector, sample.metadata.labels)) {
    return { kind: "podSelector", message: "The pool's podSelector does not match its labels" };
  }
  const taint = findUntolerated(nodeTemplate?.spec?.taints ?? [], sample.spec.tolerations);
  if (taint) {
    return {
      kind: "taints",
      message: `It does not tolerate the pool's taint ${formatTaint(taint)}`,
    };
  }
  const certain = intersect(
    template.requirements,
    requirementsOfLabels({
      ...template.labels,
      [labelKeys.hostname]: freshNodeName,
      [nodeNameField]: freshNodeName,
    }),
  );
  const conflicts = demand.podClass.alternatives.map((wanted) => findConflict(certain, wanted));
  const possible = demand.podClass.alternatives.find((_, index) => !conflicts[index]);
  if (!possible) return { kind: "requirements", message: describeConflict(conflicts[0]) };
  const options = fittingOptions(draft, demand, template);
  if (options.toBuy.length === 0) {
    const message = options.toRide.length > 0
      ? "It asks for no GPU, and a machine with GPUs is bought only for pods that do: request nvidia.com/gpu, or select a GPU label"
      : explainNoOption(demand, template, possible);
    return { kind: "offers", message };
  }
  const refusals = options.toBuy.map((option) =>
    draft.wallet.check(option.template, purchaseOf(option))
  );
  const [cheapest] = refusals;
  if (cheapest && refusals.every((refusal) => refusal !== undefined)) {
    return { kind: "limits", message: cheapest.message };
  }
  return {
    kind: "neighbours",
    message:
      "Its topology spread, pod affinity or anti-affinity, or that of other pods, allows no machine that could be bought",
  };
}

/** The options of a pool that suit a class and have room for one pod, cheapest first. */
function fittingOptions(
  { table }: Draft,
  demand: Demand,
  template: Template,
): { readonly toBuy: readonly Option[]; readonly toRide: readonly Option[] } {
  const suitable = table.suitable(demand.podClass);
  const empty = new Float64Array(demand.size.length);
  const select = (bits: Uint32Array): Option[] => {
    const found: Option[] = [];
    for (let at = nextCommonBit(0, bits); at >= 0; at = nextCommonBit(at + 1, bits)) {
      const option = table.options[at];
      if (option?.template === template && hasRoom(option.room, empty, demand.size)) {
        found.push(option);
      }
    }
    return found;
  };
  return { toBuy: select(suitable.toBuy), toRide: select(suitable.toRide) };
}

function explainNoOption(demand: Demand, template: Template, wanted: Requirements): string {
  const { pool, nodeClass } = template;
  const requirements = intersect(template.requirements, wanted);
  const byName: readonly string[] = [
    nodeNameField,
    labelKeys.hostname,
    ...Object.keys(template.labels),
  ];
  const others = new Map([...requirements].filter(([key]) => !byName.includes(key)));
  return explainOffers(nodeClass.offers, {
    requirements: formatRequirements(others),
    labels: template.labels,
    resources: demand.podClass.requests,
    maxPerHour: pool.spec.price?.maxPerHour,
    maxPerGpuHour: pool.spec.price?.maxPerGpuHour,
    accounts: nodeClass.accounts,
    excluded: new Set(nodeClass.excludedOffers),
  }).message;
}

function describeConflict(conflict: Conflict | undefined): string {
  if (!conflict) return "Its node affinity has no term that a node could meet";
  const { key, left, right } = conflict;
  const wanted = describeCondition(right);
  if (key === nodeNameField || key === labelKeys.hostname) {
    return `It must run on a node whose ${key} is ${wanted}, which no new machine has`;
  }
  return `Requirement ${key} ${
    describeCondition(left)
  } of the pool conflicts with ${wanted} of the pod`;
}
