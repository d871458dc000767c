/**
 * A cloud whose answers were taken from its simulator once and are then given again from memory, so that
 * only the adapter's own time is left to measure.
 *
 * @module
 */

import { z } from "zod";
import type { LaunchRequest, Offer, Provider } from "../../providers/contract.ts";
import type { Fetch } from "../../providers/provider_deps.ts";
import { createProvider, findRegistration, type ProviderName } from "../../providers/registry.ts";
import type { Clock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { providerEntrySchema } from "../../schemas/node_class.ts";
import { simulatedClouds } from "../../sim/clouds/registry.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";

/** Machines that are there to be listed. */
const machineCount = 5;
const machineName = (index: number) => `tgp-bench1-train-aaaaa${index}`;

const never = new AbortController().signal;

/** Time that is over as soon as somebody waits for it. */
class JumpingClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#nowMs += Math.max(0, delayMs);
    return Promise.resolve();
  }
}

/** A request that was made, and what came back. */
export interface CannedExchange {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

/** See the module. */
export class CannedCloud {
  readonly provider: Provider;
  /** A machine of ours. */
  readonly instanceId: string;
  readonly #tape: Tape;

  private constructor(provider: Provider, instanceId: string, tape: Tape) {
    this.provider = provider;
    this.instanceId = instanceId;
    this.#tape = tape;
  }

  /** Rents some machines, so that lists hold something. */
  static async create(name: ProviderName): Promise<CannedCloud> {
    const simulated = simulatedClouds.find((cloud) => cloud.name === name);
    if (simulated === undefined) throw new Error(`There is no simulated ${name}`);
    const deps = { clock: new JumpingClock(), random: createSeededRandom(1) };
    const cloud = simulated.create({ ...deps, apiKeys: [simulated.defaultKey] });
    const tape = new Tape(createInProcessFetch(cloud.handler));
    const credentialsRef = { name: "bench", key: findRegistration(name).apiKeyVariable };
    const entry = { name, credentialsRef, ...await readRecordedEntry(name) };
    const provider = createProvider(providerEntrySchema.parse(entry), {
      ...deps,
      apiKey: simulated.defaultKey,
      clusterId: "bench1",
      fetch: tape.fetch,
      log: silentLog,
      metrics: silentMetrics,
    });
    const ids: string[] = [];
    for (let index = 0; index < machineCount; index++) {
      ids.push(await rent(provider, machineName(index), deps.clock));
    }
    return new CannedCloud(provider, ids[0] ?? "", tape);
  }

  /** Lets an operation ask the simulator; from then on its questions are answered from memory. */
  async record(operation: () => Promise<unknown>): Promise<readonly CannedExchange[]> {
    const recorded = await this.#tape.record(operation);
    if (recorded.length === 0) throw new Error("The operation asked nothing");
    return recorded;
  }

  /** What anybody would do who asks the same: `fetch`, and `JSON.parse`. */
  async askBare(exchanges: readonly CannedExchange[]): Promise<void> {
    for (const { method, url, body } of exchanges) {
      const request = new Request(url, { method, ...(body === undefined ? {} : { body }) });
      const response = await this.#tape.fetch(request);
      const text = await response.text();
      if (text !== "") JSON.parse(text);
    }
  }
}

/** What the recordings of a cloud say in its entry: blocks that it cannot do without. */
async function readRecordedEntry(name: ProviderName): Promise<object> {
  const url = new URL(`../fixtures/${name}/replay.json`, import.meta.url);
  const { entry } = z.object({ entry: z.looseObject({}).default({}) })
    .parse(JSON.parse(await Deno.readTextFile(url)));
  return entry;
}

/** Passes requests on and keeps the answers, or answers from what it kept. */
class Tape {
  readonly #live: Fetch;
  readonly #kept = new Map<string, CannedExchange>();
  #recording: CannedExchange[] | undefined = [];

  constructor(live: Fetch) {
    this.#live = live;
  }

  readonly fetch: Fetch = async (request) => {
    const { method, url } = request;
    const body = request.body === null ? undefined : await request.clone().text();
    const key = `${method} ${url} ${body ?? ""}`;
    if (this.#recording === undefined) {
      const kept = this.#kept.get(key);
      if (kept === undefined) throw new TypeError(`Nobody recorded ${key}`);
      return toResponse(kept);
    }
    const response = await this.#live(request);
    const { status, headers } = response;
    const text = await response.text();
    const exchange = { method, url, body, status, headers: [...headers], text };
    this.#kept.set(key, exchange);
    this.#recording.push(exchange);
    return toResponse(exchange);
  };

  async record(operation: () => Promise<unknown>): Promise<readonly CannedExchange[]> {
    const recording: CannedExchange[] = [];
    this.#recording = recording;
    try {
      await operation();
    } finally {
      this.#recording = undefined;
    }
    return recording;
  }
}

function toResponse({ status, headers, text }: CannedExchange): Response {
  const body = status === 204 ? null : text;
  return new Response(body, { status, headers: headers.map(([name, value]) => [name, value]) });
}

/** Rents what is to be had, of the workload that the cloud takes. */
async function rent(provider: Provider, name: string, clock: Clock): Promise<string> {
  const offers = await provider.listOffers({}, never);
  for (const offer of offers.filter(({ available, gpu }) => available && gpu?.count === 1)) {
    const permit = await provider.acquireLaunch(never);
    const outcome = await provider.launch(toOrder(provider, name, offer, clock), permit, never);
    if (outcome.kind === "launched") return outcome.instanceId;
    if (outcome.kind !== "outOfCapacity") throw new Error(`Cannot rent: ${outcome.message}`);
  }
  throw new Error("Everything is sold out");
}

function toOrder(provider: Provider, name: string, offer: Offer, clock: Clock): LaunchRequest {
  return {
    name,
    claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
    nodePool: "train",
    instanceType: offer.instanceType,
    region: offer.location.region ?? "",
    capacityType: offer.capacityType,
    workload: provider.info().joinsAs === "node"
      ? { kind: "machine", userData: "#cloud-config\n" }
      : { kind: "container", image: "bench", args: [], env: {}, ports: [], diskGb: 40 },
    sendBefore: clock.now() + 600_000,
  };
}
