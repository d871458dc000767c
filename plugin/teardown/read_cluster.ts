/**
 * What there is to tear down.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { judgeLeader, type Leader, leaderLeaseName } from "../../kube/preflight/judge_leader.ts";
import { leases, type ResourceType } from "../../kube/resource.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { describeClaimStep } from "../claims/claim_step.ts";
import { type ClaimView, claimViews } from "../claims/claim_view.ts";
import { listNamed } from "../output/list_named.ts";
import { readIdentity, readRawIdentity } from "../output/read_identity.ts";
import { poolViews } from "../pools/pool_view.ts";
import { classViews } from "../providers/class_view.ts";

/** A claim, as far as it can be read. */
export interface EndingClaim extends KubernetesObject {
  readonly pool: string | undefined;
  /** `undefined` for a claim of a shape that this version does not know. */
  readonly view: ClaimView | undefined;
}

/** A pool. */
export interface EndingPool extends KubernetesObject {
  readonly paused: boolean;
}

/** See the module. */
export interface TeardownWorld {
  readonly claims: readonly EndingClaim[];
  readonly pools: readonly EndingPool[];
  readonly classes: readonly KubernetesObject[];
  /** `undefined` if the user may not look. */
  readonly leader: Leader | undefined;
}

/** One that cannot be read must not keep the others from ending. */
const endingClaims: ResourceType<EndingClaim> = {
  ...claimViews,
  parse(raw) {
    const object = new Fields(raw);
    const pool = object.fields("spec").fields("nodePoolRef").string("name");
    return { ...readIdentity(object), pool, view: tryParse(raw) };
  },
};

const endingPools: ResourceType<EndingPool> = {
  ...poolViews,
  parse(raw) {
    const object = new Fields(raw);
    return {
      ...readIdentity(object),
      paused: object.fields("spec").boolean("paused") ?? false,
    };
  },
};

const endingClasses: ResourceType<KubernetesObject> = { ...classViews, parse: readRawIdentity };

/**
 * Reads everything.
 *
 * @param namespace The controller's own.
 * @throws {PluginError} If TGP is not installed.
 * @throws {KubeError} If the API server refuses.
 */
export async function readWorld(
  kube: Kube,
  clock: Clock,
  namespace: string,
): Promise<TeardownWorld> {
  const [claims, pools, classes, leader] = await Promise.all([
    readClaims(kube),
    listNamed(kube, endingPools),
    listNamed(kube, endingClasses),
    readLeader(kube, clock, namespace),
  ]);
  return { claims, pools, classes, leader };
}

/** The claims alone. */
export async function readClaims(
  kube: Kube,
): Promise<readonly EndingClaim[]> {
  const claims = await listNamed(kube, endingClaims);
  return [...claims].sort((left, right) => left.metadata.name < right.metadata.name ? -1 : 1);
}

/** The classes alone. */
export function readClasses(kube: Kube): Promise<readonly KubernetesObject[]> {
  return listNamed(kube, endingClasses);
}

/** Whether a controller works; `undefined` if the user may not look. */
export async function readLeader(
  kube: Kube,
  clock: Clock,
  namespace: string,
): Promise<Leader | undefined> {
  try {
    const lease = await kube.get(leases, { name: leaderLeaseName, namespace });
    return judgeLeader(lease, clock.now());
  } catch (error) {
    if (isNotFound(error)) return judgeLeader(undefined, clock.now());
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
}

/** How far a claim is, with what holds it up if that is known. */
export function describeEnding({ view }: EndingClaim): string {
  if (view === undefined) return "cannot be read by this version";
  const held =
    view.conditions.find(({ type, status, message }) =>
      type === "InstanceTerminated" && status === "False" && message !== ""
    ) ?? view.conditions.find(({ type, status, message }) =>
      type === "Drained" && status === "False" && message !== ""
    );
  const step = describeClaimStep(view);
  return held === undefined ? step : `${step} (${held.message})`;
}

function tryParse(raw: unknown): ClaimView | undefined {
  try {
    return claimViews.parse(raw);
  } catch {
    return undefined;
  }
}
