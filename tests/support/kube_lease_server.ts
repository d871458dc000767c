/**
 * A server of one Lease, and the candidates who want it.
 *
 * @module
 */

import { createKubeClient } from "../../kube/client.ts";
import { createLeaderElector, type LeaderElector } from "../../kube/leader_election.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import type { Clock } from "../../runtime/clock.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { Lease } from "../../schemas/kubernetes.ts";
import type { FakeClock } from "./fake_clock.ts";
import { createRecordingLog, type RecordingLog } from "./kube_recording_log.ts";
import { json, status } from "./kube_scripted.ts";

/** Holds one Lease with optimistic locking. */
export class LeaseServer {
  lease: Lease | undefined;
  #version = 0;
  writes = 0;

  /** Writes behind everybody's back. */
  overwrite(change: (lease: Lease) => Partial<Lease>): void {
    if (!this.lease) throw new Error("there is no lease");
    const lease = { ...this.lease, ...change(this.lease) };
    const metadata = { ...lease.metadata, resourceVersion: String(++this.#version) };
    this.lease = { ...lease, metadata };
  }

  delete(): void {
    this.lease = undefined;
  }

  async answer(request: Request): Promise<Response> {
    if (request.method === "GET") {
      return this.lease ? json(this.lease) : status(404, "NotFound");
    }
    const written: Lease = await request.json();
    if (request.method === "POST" && this.lease) return status(409, "AlreadyExists");
    if (request.method === "PUT") {
      if (!this.lease) return status(404, "NotFound");
      if (written.metadata.resourceVersion !== this.lease.metadata.resourceVersion) {
        return status(409, "Conflict");
      }
    }
    this.writes++;
    const resourceVersion = String(++this.#version);
    this.lease = { ...written, metadata: { ...written.metadata, resourceVersion } };
    return json(this.lease);
  }
}

/** What lies between a candidate and the server. */
export interface Network {
  /** Milliseconds before a request arrives. */
  requestMs: number;
  /** Milliseconds before its answer does. */
  answerMs: number;
  /** Requests arrive, answers or requests never do. */
  cut: "none" | "requests" | "answers";
}

/** One process that wants to lead. */
export interface Candidate {
  readonly elector: LeaderElector;
  readonly network: Network;
  readonly log: RecordingLog;
  /** What `lead` saw: `start`, `stop: <reason>`, with the time in ms. */
  readonly terms: string[];
  /** How long `lead` takes to end, in milliseconds. */
  windDownMs: number;
  /** Adds to what the candidate takes for wall time, in milliseconds. */
  wallSkewMs: number;
  /** Adds to what the candidate takes for monotonic time, in milliseconds. */
  monotonicSkewMs: number;
  readonly stop: AbortController;
  readonly running: Promise<void>;
}

/** Starts a candidate. */
export function startCandidate(
  server: LeaseServer,
  clock: FakeClock,
  identity: string,
  seed = 1,
): Candidate {
  const network: Network = { requestMs: 1, answerMs: 1, cut: "none" };
  const never = new Promise<Response>(() => {});
  const transport = createHandlerTransport(async (request) => {
    await clock.sleep(network.requestMs);
    if (network.cut === "requests") return await never;
    const answer = await server.answer(request);
    await clock.sleep(network.answerMs);
    return network.cut === "answers" ? await never : answer;
  });
  const own: Clock = {
    now: () => clock.now() + candidate.wallSkewMs,
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
  };
  const random = createSeededRandom(seed);
  const log = createRecordingLog();
  const elector = createLeaderElector({
    kube: createKubeClient({ transport, clock, random }),
    clock: own,
    monotonicMs: () => clock.now() + candidate.monotonicSkewMs,
    random,
    log,
    metrics: silentMetrics,
  }, { namespace: "ns", name: "leader", identity });
  const terms: string[] = [];
  const startMs = clock.now();
  const lead = async (signal: AbortSignal) => {
    terms.push(`start ${clock.now() - startMs}`);
    await clock.sleep(Number.MAX_SAFE_INTEGER, signal).catch(() => {});
    await clock.sleep(candidate.windDownMs);
    terms.push(`stop ${clock.now() - startMs}: ${signal.reason?.name}`);
  };
  const stop = new AbortController();
  const candidate: Candidate = {
    elector,
    network,
    log,
    terms,
    windDownMs: 0,
    wallSkewMs: 0,
    monotonicSkewMs: 0,
    stop,
    running: Promise.resolve().then(() => elector.run({ lead }, stop.signal)),
  };
  return candidate;
}
