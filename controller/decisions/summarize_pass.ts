/**
 * What one pass of the provisioner decided, pool by pool. Pure.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type {
  NewNode,
  PodRef,
  PoolReason,
  SolveInput,
  SolveResult,
} from "../../scheduling/plan.ts";
import { formatTime } from "../../schemas/conditions.ts";
import type {
  DecidedOffer,
  DecidedPurchase,
  DecidedRefusal,
  PoolDecisions,
} from "../../schemas/pool_decisions.ts";
import { cutText } from "../cut_text.ts";
import { explainChoice } from "./explain_choice.ts";

/** A pass, and what came of it. */
export interface Pass {
  readonly input: SolveInput;
  readonly plan: SolveResult;
  /** The claims that were made, by the machines of the plan that they are for. */
  readonly created: ReadonlyMap<NewNode, string>;
  /** Pools of nodes and claims, by the name that these share. */
  readonly poolOf: (node: string) => string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Latest orders that are kept: what somebody who asks "why this one" means. */
export const keptPurchases = 10;
/** Reasons that are told; the first concern most pods. With the longest messages they take 20 KB. */
const keptRefusals = 20;
/** Pods that are named where there are many. */
const namedPods = 5;
const maxMessage = 1_000;

/** Pods that wait, by what they hear: those of one shape share their list of reasons. */
type Waiting = ReadonlyMap<readonly PoolReason[], readonly PodRef[]>;

/** Pools for which there was nothing to decide are left out. */
export function summarizePass(pass: Pass): readonly PoolDecisions[] {
  const waiting = new Map<readonly PoolReason[], PodRef[]>();
  for (const { pod, reasons } of pass.plan.unplaced) {
    const pods = waiting.get(reasons);
    if (pods) pods.push(pod);
    else waiting.set(reasons, [pod]);
  }
  return pass.input.pools.flatMap(({ name }) => summarizePool(pass, waiting, name) ?? []);
}

function summarizePool(pass: Pass, waiting: Waiting, pool: string): PoolDecisions | undefined {
  const { plan, poolOf, now } = pass;
  const placed = plan.placements.filter(({ node }) => poolOf(node) === pool);
  const planned = placed.filter(({ kind }) => kind === "planned").length;
  const fitting = placed.length - planned;
  const bought = plan.newNodes.filter((node) => node.poolName === pool && pass.created.has(node));
  const boughtPods = bought.reduce((sum, { pods }) => sum + pods.length, 0);
  const { refusals, refused } = groupRefusals(waiting, pool);
  const considered = placed.length + boughtPods + refused;
  if (considered === 0) return undefined;
  const told = refusals.slice(0, keptRefusals);
  return {
    pool,
    since: formatTime(now),
    considered,
    fitting,
    planned,
    bought: boughtPods,
    refusals: told,
    otherRefused: refused - told.reduce((sum, { pods }) => sum + pods.count, 0),
    purchases: bought.slice(0, keptPurchases).flatMap((node) => toPurchase(pass, node) ?? []),
  };
}

/** Pods that have the same to hear are told of together. */
function groupRefusals(
  waiting: Waiting,
  pool: string,
): { readonly refusals: readonly DecidedRefusal[]; readonly refused: number } {
  const groups = new Map<string, DecidedRefusal>();
  let refused = 0;
  for (const [reasons, pods] of waiting) {
    for (const { kind, message: text } of reasons.filter((reason) => reason.pool === pool)) {
      refused += pods.length;
      const message = cutText(text, maxMessage);
      const key = `${kind} ${message}`;
      const before = groups.get(key)?.pods ?? { count: 0, first: [] };
      groups.set(key, { kind, message, pods: addPods(before, pods) });
    }
  }
  const refusals = [...groups.values()].sort((left, right) =>
    right.pods.count - left.pods.count || (left.message < right.message ? -1 : 1)
  );
  return { refusals, refused };
}

function toPurchase(
  { input, created, now }: Pass,
  node: NewNode,
): DecidedPurchase | undefined {
  const claim = created.get(node);
  const pool = input.pools.find(({ name }) => name === node.poolName);
  const nodeClass = input.classes.find(({ name }) => name === node.className);
  const [offer, next] = node.rankedOfferIds.map((id) =>
    nodeClass?.offers.find((offer) => offer.id === id)
  );
  if (claim === undefined || !pool || !nodeClass || !offer) return undefined;
  return {
    time: formatTime(now),
    claim,
    pods: addPods({ count: 0, first: [] }, node.pods),
    offer: toDecidedOffer(offer),
    ceilingPerHour: node.ceilingPerHour,
    why: cutText(explainChoice({ node, offer, pool, nodeClass }), maxMessage),
    ...(next ? { next: toDecidedOffer(next) } : {}),
  };
}

function toDecidedOffer(offer: Offer): DecidedOffer {
  const { id, provider, account, instanceType, capacityType, location, gpu, price } = offer;
  return {
    id,
    provider,
    account,
    instanceType,
    ...(location.region === undefined ? {} : { region: location.region }),
    capacityType,
    ...(gpu ? { gpuModel: gpu.model } : {}),
    gpuCount: gpu?.count ?? 0,
    perHour: price.perHour,
  };
}

function addPods(
  { count, first }: DecidedRefusal["pods"],
  pods: readonly PodRef[],
): DecidedRefusal["pods"] {
  const names = pods.slice(0, namedPods - first.length)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return { count: count + pods.length, first: [...first, ...names] };
}
