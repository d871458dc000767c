/**
 * Reading and writing one Lease, and knowing for how long it is ours.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Lease } from "../schemas/kubernetes.ts";
import { isConflict, isNotFound, type Kube } from "./kube.ts";
import {
  isFree,
  type LeaseClaim,
  toFingerprint,
  toHeldSpec,
  toReleasedSpec,
} from "./lease_record.ts";
import { leases, type ObjectRef, toApiVersion } from "./resource.ts";

/** What a {@linkcode LeaseHolder} needs. */
export interface LeaseHolderDeps {
  readonly kube: Kube;
  /** Wall time, also where the rest of the process runs on scaled time: other processes read it. */
  readonly clock: Clock;
  /** Milliseconds that only ever grow, such as `performance.now()`. */
  readonly monotonicMs: () => number;
}

/** Which lease, as whom, for how long. */
export interface LeaseHolderOptions extends LeaseClaim {
  readonly ref: ObjectRef;
  /** How long after a renewal we believe that the lease is ours, in milliseconds. */
  readonly renewDeadlineMs: number;
}

/** A moment by both clocks. */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** One process's relation to one Lease. */
export class LeaseHolder {
  readonly #deps: LeaseHolderDeps;
  readonly #options: LeaseHolderOptions;
  /** The lease as last read or written, and since when, by the monotonic clock, it has not changed. */
  #seen: { readonly lease: Lease; readonly sinceMs: number } | undefined;
  /** When the last successful renewal was sent; `undefined`: the lease is not ours. */
  #renewedAt: Moment | undefined;

  constructor(deps: LeaseHolderDeps, options: LeaseHolderOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** For how long the lease is still surely ours, in milliseconds; zero or less: it may not be. */
  get remainingMs(): number {
    if (this.#renewedAt === undefined) return 0;
    const { wallMs, monotonicMs } = this.#renewedAt;
    // Pessimistic: the monotonic clock stands still while a machine sleeps, the other may be set back.
    const elapsedMs = Math.max(
      this.#deps.clock.now() - wallMs,
      this.#deps.monotonicMs() - monotonicMs,
    );
    return this.#options.renewDeadlineMs - elapsedMs;
  }

  /**
   * One attempt to become or stay the holder.
   *
   * @returns False if the lease is somebody else's.
   * @throws {KubeError} And the like, if it could not be read or written.
   */
  async hold(signal: AbortSignal): Promise<boolean> {
    if (this.#renewedAt && this.#seen) {
      // The holder knows what it wrote; only when that was overwritten it has to look.
      try {
        await this.#write(this.#seen.lease, signal);
        return true;
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error;
      }
    }
    const lease = await this.#read(signal);
    if (lease) {
      const unchangedForMs = this.#deps.monotonicMs() - this.#see(lease).sinceMs;
      if (!isFree(lease, this.#options, unchangedForMs)) return false;
    }
    await this.#write(lease, signal);
    return true;
  }

  /** Stops believing that the lease is ours. */
  forget(): void {
    this.#renewedAt = undefined;
  }

  /** Stops believing that the lease is ours and, if we did, tells everybody. */
  async release(signal: AbortSignal): Promise<void> {
    const held = this.#renewedAt && this.#seen?.lease;
    this.forget();
    if (!held) return;
    const released: Lease = { ...held, spec: toReleasedSpec(held, this.#deps.clock.now()) };
    this.#see(await this.#deps.kube.replace(leases, released, { signal }));
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#deps.kube.get(leases, this.#options.ref, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #write(lease: Lease | undefined, signal: AbortSignal): Promise<void> {
    const { clock, kube, monotonicMs } = this.#deps;
    const sentAt: Moment = { wallMs: clock.now(), monotonicMs: monotonicMs() };
    const held: Lease = {
      apiVersion: toApiVersion(leases),
      kind: leases.kind,
      metadata: { ...this.#options.ref, ...lease?.metadata },
      spec: toHeldSpec(lease, this.#options, sentAt.wallMs),
    };
    const written = lease
      ? await kube.replace(leases, held, { signal })
      : await kube.create(leases, held, { signal });
    // An answer that comes after we gave up must not make us believe again.
    signal.throwIfAborted();
    this.#see(written);
    this.#renewedAt = sentAt;
  }

  #see(lease: Lease): { readonly lease: Lease; readonly sinceMs: number } {
    const unchanged = this.#seen && toFingerprint(this.#seen.lease) === toFingerprint(lease);
    const sinceMs = this.#seen && unchanged ? this.#seen.sinceMs : this.#deps.monotonicMs();
    this.#seen = { lease, sinceMs };
    return this.#seen;
  }
}
