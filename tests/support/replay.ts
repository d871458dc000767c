/**
 * Plays recorded answers through the real adapters: no network, no simulator, only what the vendor
 * said.
 *
 * @module
 */

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { LaunchRequest, Provider } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import { createProvider } from "../../providers/registry.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { providerEntrySchema } from "../../schemas/node_class.ts";
import { drive } from "../providers/provider_world.ts";
import { FakeClock } from "./fake_clock.ts";
import { findLeaks, toExposedText } from "./leaks.ts";
import type { Exchange, RecordedCloud, Recording } from "./recordings.ts";

const never = new AbortController().signal;

/** Sent with every request, and expected nowhere else. */
const replayKey = "replayed_Zq7Xw3Kp9Rt5Vb2Nm8";

/**
 * Plays a recording.
 *
 * @throws {AssertionError} If the adapter asks for anything else, does not ask for all of it, or makes
 * something else of it.
 */
export async function replay(cloud: RecordedCloud, recording: Recording): Promise<void> {
  const clock = new FakeClock();
  const player = new Player(recording);
  const provider = createProvider(
    providerEntrySchema.parse({
      name: cloud.name,
      credentialsRef: { name: "replayed", key: "key" },
      ...cloud.entry,
      ...recording.entry,
    }),
    {
      apiKey: replayKey,
      clusterId: "abc123",
      fetch: (request) => player.answer(request),
      clock,
      random: createSeededRandom(7),
      log: silentLog,
      metrics: silentMetrics,
    },
  );
  const run = <T>(promise: Promise<T>) => drive({ clock, inFlight: () => 0 }, promise);
  const result = await run(call(provider, cloud, recording, clock)).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  player.assertAllPlayed();
  assert.deepEqual(findLeaks(toExposedText(result), [replayKey]), []);
  assertExpected(result, recording.expect);
  assert.equal(clock.sleeping, 0, "something still waits");
}

/** Calls what a recording is about. */
function call(
  provider: Provider,
  cloud: RecordedCloud,
  { operation, arguments: given, exchanges }: Recording,
  clock: FakeClock,
): Promise<unknown> {
  const [first = exchanges[0]?.request.path.split("/").at(-1), second] = given;
  switch (operation) {
    case "checkAccount":
    case "listInstances":
    case "verifyCredentials":
      return provider[operation](never);
    case "getInstance":
    case "terminate":
      return provider[operation](decodeURIComponent(String(first)), never);
    case "getPricing":
      return provider.getPricing(String(given[0]), String(second), never);
    case "listOffers":
      return provider.listOffers({ ...given[0] as Record<string, string> | undefined }, never);
    case "removeLeftovers": {
      const kept = (given[0] ?? []) as readonly string[];
      return provider.removeLeftovers((claimName) => kept.includes(claimName), never);
    }
    case "launch":
      return launch(provider, { ...cloud.order, ...given[0] as object }, clock);
  }
}

/** Sends the standard order, changed. */
async function launch(provider: Provider, change: object, clock: FakeClock): Promise<unknown> {
  const permit = await provider.acquireLaunch(never);
  const order: LaunchRequest = {
    name: "tgp-abc123-train-q7x2k9",
    claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
    nodePool: "train",
    instanceType: "",
    region: "",
    capacityType: "on-demand",
    workload: { kind: "machine", userData: "#cloud-config\n# replayed\n" },
    sendBefore: clock.now() + 60_000,
    ...change,
  };
  return await provider.launch(order, permit, never);
}

/** A request as recordings describe it. */
type PlainRequest = Exchange["request"];

/** Answers requests from a recording. */
class Player {
  readonly #recording: Recording;
  readonly #left: Exchange[];
  readonly #played: Exchange[] = [];
  readonly #unexpected: PlainRequest[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#left = [...recording.exchanges];
  }

  async answer(request: Request): Promise<Response> {
    const asked = await describe(request);
    const exchange = this.#take(asked);
    if (exchange === undefined) {
      this.#unexpected.push(asked);
      throw new TypeError(`nobody recorded ${asked.method} ${asked.path}`);
    }
    const { status, headers, body } = exchange.response;
    const isText = typeof body === "string";
    // A 204 has no body, not even an empty one.
    const content = status === 204 ? null : isText ? body : JSON.stringify(body);
    return new Response(content, {
      status,
      headers: { "content-type": isText ? "text/html" : "application/json", ...headers },
    });
  }

  /** What was recorded for a request; reads may be repeated, launches never. */
  #take(asked: PlainRequest): Exchange | undefined {
    const next = this.#left.findIndex(({ request }) => isSame(request, asked));
    if (next === -1) {
      if (this.#recording.operation === "launch") return undefined;
      return this.#played.findLast(({ request }) => isSame(request, asked));
    }
    const [exchange] = this.#left.splice(next, 1);
    if (exchange !== undefined) this.#played.push(exchange);
    return exchange;
  }

  assertAllPlayed(): void {
    const [asked] = this.#unexpected;
    if (asked !== undefined) {
      const meant = this.#left.find(({ request }) =>
        request.method === asked.method && request.path === asked.path
      ) ?? this.#left[0];
      assert.deepEqual(asked, meant?.request, "the adapter asked for something else");
      assert.fail(`asked again: ${asked.method} ${asked.path}`);
    }
    const left = this.#left.map(({ request }) => `${request.method} ${request.path}`);
    assert.deepEqual(left, [], "recorded, but not asked for");
  }
}

function isSame(recorded: PlainRequest, asked: PlainRequest): boolean {
  return isDeepStrictEqual(withoutDocument(recorded, asked), asked) ||
    isDeepStrictEqual(recorded, withoutDocument(asked, recorded));
}

/** A request without its GraphQL document, where the other one leaves it out. */
function withoutDocument(request: PlainRequest, other: PlainRequest): PlainRequest {
  if (typeof request.body !== "object" || request.body === null) return request;
  if (typeof other.body !== "object" || other.body === null || "query" in other.body) {
    return request;
  }
  const { query: _, ...body } = request.body as Record<string, unknown>;
  return { ...request, body };
}

async function describe(request: Request): Promise<PlainRequest> {
  const { pathname, searchParams } = new URL(request.url);
  const text = await request.text();
  return {
    method: request.method as PlainRequest["method"],
    path: pathname,
    query: Object.fromEntries(searchParams),
    body: text === "" ? undefined : JSON.parse(text),
  };
}

/** Compares what came out with what a recording expects. */
function assertExpected(
  result: { readonly value: unknown } | { readonly error: unknown },
  expected: Recording["expect"],
): void {
  if ("error" in expected) {
    assert.ok("error" in result, `did not throw but gave ${JSON.stringify(result)}`);
    assert.ok(result.error instanceof ProviderError, toExposedText(result));
    const { error: kind, ...rest } = expected;
    return assertHolds(result.error, { kind, ...rest }, "error");
  }
  if ("error" in result) throw result.error;
  if ("ok" in expected) return assertHolds(result.value, expected.ok, "result");
  const { outcome: kind, ...rest } = expected;
  assertHolds(result.value, { kind, ...rest }, "outcome");
}

/** Whether a value has everything that is named; what is not named may be anything. */
export function assertHolds(actual: unknown, expected: unknown, where: string): void {
  if (expected === null) {
    return assert.ok(actual === null || actual === undefined, `${where} is ${actual}, not nothing`);
  }
  if (typeof expected !== "object") return assert.equal(actual, expected, `${where} is ${actual}`);
  assert.ok(typeof actual === "object" && actual !== null, `${where} is ${actual}`);
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${where} is no list`);
    assert.equal(actual.length, expected.length, `${where} has ${actual.length} items`);
  }
  const fields = actual as Readonly<Record<string, unknown>>;
  for (const [field, value] of Object.entries(expected)) {
    assertHolds(fields[field], value, `${where}.${field}`);
  }
}
