/**
 * Runs the pods that are bound to a node.
 *
 * ```text
 * bound ──podStartMs──► Running ──run-seconds──► Succeeded
 *    └───────────────────┴── deletionTimestamp ──min(grace, podStopMs)──► ended, deleted for good
 * ```
 *
 * @module
 */

import { isConflict, isNotFound, type Kube } from "../../kube/kube.ts";
import { pods } from "../../kube/resource.ts";
import { parseTime } from "../../schemas/conditions.ts";
import type { Pod } from "../../schemas/kubernetes.ts";
import { persist, type PersistDeps } from "./persist.ts";
import { endedStatus, isFinished, readRunMs, runningStatus } from "./pod_status.ts";
import type { KubeletTimings } from "./timings.ts";

/** What a runner needs. */
export interface PodRunnerDeps extends PersistDeps {
  readonly kube: Kube;
  readonly timings: Pick<KubeletTimings, "podStartMs" | "podStopMs">;
  /** Address of the node. */
  readonly hostAddress: string;
  /** A free address for a pod. */
  readonly assignAddress: () => string;
}

interface Task {
  readonly stage: "running" | "stopping";
  readonly stop: AbortController;
}

/** See the module. Stops all work when `signal` aborts, telling nobody, as a machine without power. */
export class PodRunner {
  readonly #deps: PodRunnerDeps;
  readonly #signal: AbortSignal;
  readonly #tasks = new Map<string, Task>();
  readonly #pending = new Set<Promise<void>>();

  constructor(deps: PodRunnerDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
  }

  /** Takes note of a pod as the API server now has it. */
  observe(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const stage = this.#tasks.get(uid)?.stage;
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (stage !== "stopping") this.#begin(uid, "stopping", (signal) => this.#stop(pod, signal));
    } else if (stage === undefined && !isFinished(pod)) {
      this.#begin(uid, "running", (signal) => this.#run(pod, signal));
    }
  }

  /** Takes note that a pod is gone. */
  forget(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.#tasks.get(uid)?.stop.abort(new Error("pod is gone"));
    this.#tasks.delete(uid);
  }

  /** Resolves when no work is under way. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Starts the work of a stage; what the pod did before ends. */
  #begin(uid: string, stage: Task["stage"], work: (signal: AbortSignal) => Promise<void>): void {
    this.#tasks.get(uid)?.stop.abort(new Error("pod is being deleted"));
    const stop = new AbortController();
    this.#tasks.set(uid, { stage, stop });
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const pending = work(signal).catch((error) => {
      // Deleted by somebody else, or another pod of the same name by now.
      if (signal.aborted || isNotFound(error) || isConflict(error)) return;
      this.#deps.log.error("Pod cannot be run", { uid, error: String(error) });
    }).finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  async #run(pod: Pod, signal: AbortSignal): Promise<void> {
    const { clock, timings, hostAddress, assignAddress } = this.#deps;
    let startedAt = pod.status?.phase === "Running" ? parseTime(pod.status.startTime) : undefined;
    if (startedAt === undefined) {
      await clock.sleep(timings.podStartMs, signal);
      startedAt = clock.now();
      const addresses = { pod: assignAddress(), host: hostAddress };
      await this.#report(pod, runningStatus(pod, addresses, startedAt), signal);
    }
    const runMs = readRunMs(pod);
    if (runMs === undefined) return;
    await clock.sleep(Math.max(0, startedAt + runMs - clock.now()), signal);
    await this.#report(pod, endedStatus(pod, 0, startedAt, clock.now()), signal);
  }

  async #stop(pod: Pod, signal: AbortSignal): Promise<void> {
    const { clock, kube, timings } = this.#deps;
    if (!isFinished(pod)) {
      const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
      await clock.sleep(Math.min(graceMs, timings.podStopMs), signal);
      const startedAt = parseTime(pod.status?.startTime);
      await this.#report(pod, endedStatus(pod, 143, startedAt, clock.now()), signal);
    }
    const { name, namespace, uid } = pod.metadata;
    const options = { gracePeriodSeconds: 0, preconditions: { uid }, signal };
    await this.#persist(
      "delete pod",
      () => kube.delete(pods, { name, namespace }, options),
      signal,
    );
  }

  async #report(pod: Pod, status: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    // With the UID a patch cannot hit another pod of the same name.
    const body = { metadata: { uid }, status };
    const options = { kind: "strategic", subresource: "status", signal } as const;
    await this.#persist(
      "report pod",
      () => this.#deps.kube.patch(pods, { name, namespace }, body, options),
      signal,
    );
  }

  /** A conflict means another pod of the same name: trying again would be no use. */
  async #persist<T>(what: string, action: () => Promise<T>, signal: AbortSignal): Promise<void> {
    const attempt = () =>
      action().catch((error) => {
        if (!isConflict(error)) throw error;
      });
    await persist(this.#deps, what, attempt, signal);
  }
}
