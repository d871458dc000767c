/**
 * Deletes claims and waits until the controller has let go of them.
 *
 * @module
 */

import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import type { Leader } from "../../kube/preflight/judge_leader.ts";
import type { Clock } from "../../runtime/clock.ts";
import { claimViews } from "../claims/claim_view.ts";
import { countOf } from "../output/count.ts";
import { describeEnding, type EndingClaim } from "./read_cluster.ts";

/** Pause between two looks, in milliseconds. */
const pauseMs = 2_000;
/** People want to see at least so often that something still goes on. */
const remindEveryMs = 120_000;
/** How often is looked whether a controller works, in milliseconds. */
const leaderEveryMs = 30_000;

/** Collaborators. */
export interface EndClaimsDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  /** Says one line to the user. */
  readonly report: (line: string) => void;
  /** The claims to end, as they are now. */
  readonly readClaims: () => Promise<readonly EndingClaim[]>;
  readonly readLeader: () => Promise<Leader | undefined>;
}

/** How to delete. */
export interface DeleteClaimsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Let the server check it, and change nothing. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Called after each claim that was deleted. */
  readonly onDeleted?: (() => void) | undefined;
}

/** Deletes claims; those that are being deleted already stay as they are. @throws {KubeError} */
export async function deleteClaims(
  kube: Kube,
  claims: readonly EndingClaim[],
  { onDeleted, ...options }: DeleteClaimsOptions,
): Promise<void> {
  for (const { metadata: { name, uid, deletionTimestamp } } of claims) {
    if (deletionTimestamp !== undefined) continue;
    try {
      await kube.delete(claimViews, { name }, { ...options, preconditions: { uid } });
      onDeleted?.();
    } catch (error) {
      // Gone, or gone and replaced: the next look shows which.
      if (!isNotFound(error) && !(error instanceof KubeError && error.code === 409)) throw error;
    }
  }
}

/** Waits until no claim is left. Single use. */
export class ClaimWait {
  readonly #deps: EndClaimsDeps;
  readonly #names: Set<string>;
  readonly #told = new Map<string, string>();
  #left: readonly EndingClaim[];
  #saidAt: number;
  #leaderAt: number;
  /** Complaints by subject: said once, and again when they change. */
  readonly #complaints = new Map<string, string>();

  /** @param claims Those whose deletion was asked for. */
  constructor(deps: EndClaimsDeps, claims: readonly EndingClaim[]) {
    this.#deps = deps;
    this.#left = claims;
    this.#names = new Set(claims.map(({ metadata }) => metadata.name));
    this.#saidAt = this.#leaderAt = deps.clock.now();
  }

  /** The claims that were there when last looked. */
  get left(): readonly EndingClaim[] {
    return this.#left;
  }

  /** The names of all claims that were ever there. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /**
   * Waits.
   *
   * @throws {KubeError} If the user may not look, or not delete what appeared meanwhile.
   * @throws The signal's reason, when it aborts.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (true) {
      signal.throwIfAborted();
      if (await this.#look(signal)) return;
      await clock.sleep(pauseMs, signal);
    }
  }

  /** @returns Whether no claim is left. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const { kube, readClaims } = this.#deps;
    try {
      const claims = await readClaims();
      this.#tell(claims);
      this.#left = claims;
      // Ordered before its pool was paused, or by hand.
      await deleteClaims(kube, claims, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KubeError && !isPassing(error)) throw error;
      // An API server that restarts is no reason to leave.
      this.#complain("claims", error instanceof Error ? error.message : String(error));
      return false;
    }
    this.#complaints.delete("claims");
    await this.#watchLeader();
    return this.#left.length === 0;
  }

  #tell(claims: readonly EndingClaim[]): void {
    const names = new Set(claims.map(({ metadata }) => metadata.name));
    for (const { metadata: { name } } of this.#left) {
      if (!names.has(name)) this.#say(`${name} is ended; ${countOf(claims.length, "claim")} left`);
    }
    for (const claim of claims) {
      const { name, deletionTimestamp } = claim.metadata;
      this.#names.add(name);
      const text = deletionTimestamp === undefined
        ? "appeared meanwhile, and is deleted, too"
        : describeEnding(claim);
      if (this.#told.get(name) === text) continue;
      this.#told.set(name, text);
      this.#say(`${name}: ${text}`);
    }
    if (claims.length > 0 && this.#deps.clock.now() - this.#saidAt >= remindEveryMs) {
      this.#say(`waiting for ${countOf(claims.length, "claim")}: ${[...names].join(", ")}`);
    }
  }

  async #watchLeader(): Promise<void> {
    const { clock, readLeader } = this.#deps;
    if (clock.now() - this.#leaderAt < leaderEveryMs) return;
    this.#leaderAt = clock.now();
    const leader = await readLeader().catch(() => undefined);
    if (leader === undefined || leader.kind === "leads") this.#complaints.delete("leader");
    else this.#complain("leader", "no controller works now: claims end when one runs again");
  }

  #complain(subject: string, problem: string): void {
    if (this.#complaints.get(subject) !== problem) this.#say(problem);
    this.#complaints.set(subject, problem);
  }

  #say(line: string): void {
    this.#saidAt = this.#deps.clock.now();
    this.#deps.report(line);
  }
}

/** Whether the server may answer otherwise in a moment. */
function isPassing({ code }: KubeError): boolean {
  return code === 429 || code >= 500;
}
