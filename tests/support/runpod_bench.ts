/**
 * A simulated RunPod, and ways to ask it in both protocols that check every answer.
 *
 * @module
 */

import assert from "node:assert/strict";
import { userAgent } from "../../providers/http/user_agent.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import {
  createRunpodCloud,
  defaultRunpodKey,
  type RunpodCloudOptions,
} from "../../sim/clouds/runpod/mod.ts";
import type { RunpodCloud } from "../../sim/clouds/runpod/runpod_cloud.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";
import { runpodQueries, runpodSpotQueries } from "./runpod_queries.ts";
import {
  type AnswerChecker,
  createAnswerChecker,
  readOurDocument,
  readVendorDocument,
} from "./vendor_documents.ts";

const ours = createAnswerChecker(await readOurDocument("runpod-rest.openapi.yaml"), "");
const vendor = await readVendorDocument("runpod-rest-v2.openapi.json");
const theirs = vendor && createAnswerChecker(vendor, "/v2");
/** One answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** Headers of a request; key and name of the client are set unless they are here. */
export type AskHeaders = Readonly<Record<string, string>>;

/** See the module. */
export interface RunpodBench {
  readonly clock: FakeClock;
  readonly cloud: RunpodCloud;
  /** Asks REST; a text goes as it is. @param path Without `/v2`. */
  rest(method: string, path: string, body?: unknown, headers?: AskHeaders): Promise<Answer>;
  /** Asks GraphQL. @param query An operation of `runpod_queries.ts`, or a document. */
  graphql(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: AskHeaders,
  ): Promise<Answer>;
  /** Rents the usual pod over REST, changed. @returns Its id. */
  create(change?: object): Promise<string>;
  /** Orders the usual pod over GraphQL, changed. */
  order(change?: object): Promise<Answer>;
}

/** A body for REST that can be had on an ordinary day. */
export const usualPod = Object.freeze({
  name: "tgp-abc123-train-q7x2k9",
  image: "registry.example.com/team/trainer:1.4.2",
  cloud: "SECURE",
  gpu: { id: "NVIDIA GeForce RTX 4090", count: 2 },
  disk: 60,
  ports: ["22/tcp", "8080/http"],
  env: { MODE: "train=hard" },
  dataCenterIds: ["EU-RO-1"],
});

/** The same for GraphQL. */
export const usualOrder = Object.freeze({
  name: "tgp-abc123-train-q7x2k9",
  imageName: "registry.example.com/team/trainer:1.4.2",
  cloudType: "SECURE",
  gpuTypeId: "NVIDIA GeForce RTX 4090",
  gpuCount: 2,
  dataCenterId: "EU-RO-1",
  containerDiskInGb: 60,
  volumeInGb: 0,
  ports: "22/tcp,8080/http",
  env: [{ key: "MODE", value: "train=hard" }],
});

/** Makes a bench whose REST does not count requests unless it is told to. */
export function createRunpodBench(options: Partial<RunpodCloudOptions> = {}): RunpodBench {
  const clock = new FakeClock();
  const behaviour = { throttles: false, ...options.behaviour };
  const random = createSeededRandom(3);
  const cloud = createRunpodCloud({ clock, random, ...options, behaviour });
  const rest: RunpodBench["rest"] = async (method, path, body, headers = {}) => {
    const answer = await ask(cloud, method, `/v2${path}`, body, headers);
    assertDocumented(method, path, answer);
    return answer;
  };
  const graphql: RunpodBench["graphql"] = async (query, variables, headers = {}) => {
    const document = query.includes("Spot") ? runpodSpotQueries : runpodQueries;
    const body = /^\w+$/.test(query)
      ? { query: document, operationName: query, variables }
      : { query, variables };
    const answer = await ask(cloud, "POST", "/graphql", body, headers);
    assertEnvelope(answer);
    return answer;
  };
  return {
    clock,
    cloud,
    rest,
    graphql,
    create: async (change = {}) => {
      const { status, text, body } = await rest("POST", "/pods", { ...usualPod, ...change });
      assert.equal(status, 201, text);
      return body.id;
    },
    order: (change = {}) => graphql("CreatePod", { input: { ...usualOrder, ...change } }),
  };
}

async function ask(
  cloud: RunpodCloud,
  method: string,
  path: string,
  body: unknown,
  headers: AskHeaders,
): Promise<Answer> {
  const all = Object.entries({
    "authorization": `Bearer ${defaultRunpodKey}`,
    "user-agent": userAgent,
    "content-type": "application/json",
    ...headers,
  }).filter(([, value]) => value !== "");
  const request = new Request(`http://127.0.0.1${path}`, {
    method,
    headers: all,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const response = await cloud.handler(request, { peer: {} });
  assert.ok(response !== cut);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the network in front answers is no JSON, and in no document. */
function assertDocumented(method: string, path: string, { status, body, headers }: Answer): void {
  if (body === undefined) return;
  const type = status < 300 ? "application/json" : "application/problem+json";
  assert.equal(headers.get("content-type"), type);
  const [plain = ""] = path.split("?");
  const template = plain.replace(/^\/(pods|catalog\/gpus)\/[^/]+/, "/$1/{id}");
  for (const [whose, checker] of [["our", ours], ["the vendor's", theirs]] as const) {
    const problem = checker && checkAnswer(checker, method, template, status, body);
    assert.equal(problem, undefined, `${whose} document: ${method} ${path} ${status}`);
  }
}

/** The documents name fewer failures than clients have met, and ours fewer operations. */
function checkAnswer(
  checker: AnswerChecker,
  method: string,
  template: string,
  status: number,
  body: unknown,
): string | undefined {
  const problem = checker.check(method, template, status, body);
  return problem === "undocumented" ? undefined : problem;
}

/** GraphQL's own library makes data fit the schema; the envelope is the simulator's. */
function assertEnvelope({ status, body, text }: Answer): void {
  if (body === undefined) return;
  assert.ok(status !== 200 || "data" in body, text);
  for (const error of body.errors ?? []) {
    assert.equal(typeof error.message, "string");
    assert.equal(typeof error.extensions.code, "string");
    assert.equal(Array.isArray(error.path), status === 200, text);
  }
}
