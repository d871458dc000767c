/**
 * Checks a plan against the rules, independently of how the solver made it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { addPurchase, checkPurchase, type Usage } from "../../scheduling/budget.ts";
import { nodeAlternatives } from "../../scheduling/node_constraints.ts";
import { selectOffers } from "../../scheduling/offers.ts";
import { isProvisionable } from "../../scheduling/pod_kinds.ts";
import { podRequests } from "../../scheduling/pod_requests.ts";
import { satisfies } from "../../scheduling/requirements.ts";
import { matchesSelector } from "../../scheduling/selectors.ts";
import { futureLabels } from "../../scheduling/solver/options.ts";
import type { NewNode, SolveInput, SolveResult } from "../../scheduling/solver.ts";
import { findUntolerated } from "../../scheduling/taints.ts";
import type { Offer } from "../../providers/contract.ts";
import type { Pod, PodAffinityTerm } from "../../schemas/kubernetes.ts";
import { addResources, fitsInto, type Resources } from "../../schemas/quantity.ts";
import type { MicroUsd } from "../../schemas/money.ts";

/** Where a pod ended up, and with which node labels. */
interface Spot {
  readonly pod: Pod;
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Throws unless the plan keeps every rule that does not depend on cost. */
export function checkPlan(input: SolveInput, result: SolveResult): void {
  checkEveryPodOnce(input, result);
  const podOf = new Map(input.pods.map((pod) => [pod.metadata.uid ?? "", pod]));
  const find = (uid: string): Pod => {
    const pod = podOf.get(uid);
    assert.ok(pod, `plan names unknown pod ${uid}`);
    return pod;
  };
  for (const newNode of result.newNodes) {
    checkNewNode(input, newNode, newNode.pods.map(({ uid }) => find(uid)));
  }
  checkHosts(input, result, find);
  checkBudgets(input, result);
  checkNeighbours(input, result, find);
}

/** The offers of a new node's class that its claim could be launched on. */
export function launchableOffers(input: SolveInput, newNode: NewNode): readonly Offer[] {
  const nodeClass = input.classes.find(({ name }) => name === newNode.className);
  assert.ok(nodeClass);
  return selectOffers(nodeClass.offers, {
    requirements: newNode.requirements,
    labels: newNode.labels,
    resources: newNode.resources,
    maxPerHour: newNode.ceilingPerHour,
    accounts: nodeClass.accounts,
    excluded: new Set(nodeClass.excludedOffers),
  });
}

function checkEveryPodOnce(input: SolveInput, result: SolveResult): void {
  const expected = input.pods.filter(isProvisionable).map(({ metadata }) => metadata.uid).sort();
  const actual = [
    ...result.placements.map(({ pod }) => pod.uid),
    ...result.newNodes.flatMap(({ pods }) => pods.map(({ uid }) => uid)),
    ...result.unplaced.map(({ pod }) => pod.uid),
  ].sort();
  assert.deepEqual(actual, expected, "every pod is answered exactly once");
  for (const { refusal, reasons } of result.unplaced) {
    assert.ok(refusal || reasons.length === input.pools.length, "every pool gives a reason");
  }
}

function checkNewNode(input: SolveInput, newNode: NewNode, pods: readonly Pod[]): void {
  assert.ok(pods.length > 0, "nothing is bought for nobody");
  const pool = input.pools.find(({ name }) => name === newNode.poolName);
  assert.ok(pool);
  const offers = launchableOffers(input, newNode);
  assert.ok(offers.length > 0, "the claim can be launched");
  const ids = offers.map(({ id }) => id);
  for (const id of newNode.rankedOfferIds) assert.ok(ids.includes(id), `kept offer ${id} fits`);
  assert.ok(newNode.rankedOfferIds.length <= 8);
  const requests = pods.map(podRequests).reduce(addResources, {});
  for (const offer of offers) {
    assert.ok(offer.available && offer.price.suspect === undefined);
    assert.ok(offer.notJoinable === undefined);
    assert.ok(fitsInto(requests, offer.allocatable), `pods fit on ${offer.id}`);
    const labels = futureLabels(offer, newNode.labels);
    for (const pod of pods) {
      assert.ok(
        nodeAlternatives(pod).some((requirements) => satisfies(labels, requirements)),
        `${pod.metadata.name} accepts every offer of its claim`,
      );
    }
  }
  for (const pod of pods) {
    assert.equal(findUntolerated(newNode.taints, pod.spec.tolerations), undefined);
    if (pool.spec.podSelector) {
      assert.ok(matchesSelector(pool.spec.podSelector, pod.metadata.labels));
    }
  }
}

function checkHosts(input: SolveInput, result: SolveResult, find: (uid: string) => Pod): void {
  for (const host of [...input.nodes, ...input.planned]) {
    const pods = result.placements.filter(({ node }) => node === host.name)
      .map(({ pod }) => find(pod.uid));
    const requests = pods.map(podRequests).reduce(addResources, host.used);
    if (pods.length > 0) {
      assert.ok(fitsInto(requests, host.allocatable), `pods fit on ${host.name}`);
    }
    for (const pod of pods) {
      assert.equal(findUntolerated(host.taints, pod.spec.tolerations), undefined);
    }
  }
}

/** Counts every new node at its ceiling and its largest kept offer, and checks each limit at the end. */
function checkBudgets(input: SolveInput, result: SolveResult): void {
  const scopes = [
    ...input.pools.map(({ name, spec, usage }) => ({
      scope: "pool" as const,
      name,
      limits: spec.limits,
      usage,
      own: (newNode: NewNode) => newNode.poolName === name,
    })),
    ...input.classes.map(({ name, limits, usage }) => ({
      scope: "class" as const,
      name,
      limits,
      usage,
      own: (newNode: NewNode) => newNode.className === name,
    })),
  ];
  for (const { own, ...budget } of scopes) {
    let usage: Usage = budget.usage;
    for (const newNode of result.newNodes.filter(own)) {
      const purchase = {
        resources: largestCapacity(input, newNode),
        perHour: newNode.ceilingPerHour,
      };
      assert.equal(checkPurchase([{ ...budget, usage }], purchase)?.message, undefined);
      usage = addPurchase(usage, purchase);
    }
  }
}

function largestCapacity(input: SolveInput, newNode: NewNode): Resources {
  const offers = input.classes.flatMap(({ offers }) => offers)
    .filter(({ id }) => newNode.rankedOfferIds.includes(id));
  const largest: Record<string, Resources[string]> = {};
  for (const { capacity } of offers) {
    for (const [name, amount] of Object.entries(capacity)) {
      if (amount > (largest[name] ?? 0)) largest[name] = amount;
    }
  }
  return largest;
}

/** Required affinity and anti-affinity hold between all pods at the end. */
function checkNeighbours(input: SolveInput, result: SolveResult, find: (uid: string) => Pod): void {
  const offers = new Map(input.classes.flatMap(({ offers }) => offers).map((o) => [o.id, o]));
  const spots: Spot[] = [...input.nodes, ...input.planned].flatMap((host) => [
    ...host.pods.map((pod) => ({ pod, host: host.name, labels: host.labels })),
    ...result.placements.filter(({ node }) => node === host.name)
      .map(({ pod }) => ({ pod: find(pod.uid), host: host.name, labels: host.labels })),
  ]);
  for (const [index, newNode] of result.newNodes.entries()) {
    // Every offer kept for the claim must do, not only the planned one.
    for (const id of newNode.rankedOfferIds.slice(0, 1)) {
      const offer = offers.get(id);
      assert.ok(offer);
      const labels = futureLabels(offer, newNode.labels);
      for (const { uid } of newNode.pods) {
        spots.push({ pod: find(uid), host: `new-${index}`, labels });
      }
    }
  }
  const placed = new Set([
    ...result.placements.map(({ pod }) => pod.uid),
    ...result.newNodes.flatMap(({ pods }) => pods.map(({ uid }) => uid)),
  ]);
  const alone = new Set<string>();
  for (const spot of spots) {
    const { affinity } = spot.pod.spec;
    for (
      const term of affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    ) {
      const near = spots.filter((other) => other !== spot && isNear(spot, other, term));
      assert.deepEqual(near.map(({ pod }) => pod.metadata.name), [], "anti-affinity holds");
    }
    if (!placed.has(spot.pod.metadata.uid ?? "")) continue;
    for (
      const term of affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    ) {
      if (spots.some((other) => other !== spot && isNear(spot, other, term))) continue;
      // Only the first of its kind may be alone, and only if it would attract itself.
      assert.ok(isSelected(spot, spot.pod, term), "affinity holds");
      const key = JSON.stringify([spot.pod.metadata.namespace, term]);
      assert.ok(!alone.has(key), "only one pod of an affinity is alone");
      alone.add(key);
    }
  }
}

function isSelected(spot: Spot, pod: Pod, term: PodAffinityTerm): boolean {
  return pod.metadata.namespace === spot.pod.metadata.namespace &&
    matchesSelector(term.labelSelector, pod.metadata.labels);
}

function isNear(spot: Spot, other: Spot, term: PodAffinityTerm): boolean {
  if (!isSelected(spot, other.pod, term)) return false;
  if (term.topologyKey === "kubernetes.io/hostname") return spot.host === other.host;
  const domain = spot.labels[term.topologyKey];
  return domain !== undefined && domain === other.labels[term.topologyKey];
}

/** What a plan pays for its planned offers. */
export function priceOf({ newNodes }: SolveResult): MicroUsd {
  return newNodes.reduce((sum, { pricePerHour }) => sum + pricePerHour, 0) as MicroUsd;
}
