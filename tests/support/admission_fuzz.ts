/**
 * Random and mutated requests to the admission webhook: what an API server sends, what somebody makes of
 * it, and what was never a review. Seeded; the same seed gives the same requests.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { AdmissionApp } from "../../controller/admission/admission_app.ts";
import type { Random } from "../../runtime/random.ts";
import { soundClassSpec, soundPoolSpec, toObject, toReview } from "./admission.ts";

/** A request, and what was done to it. */
export interface FuzzedRequest {
  readonly what: string;
  readonly request: Request;
}

type Make = (random: Random) => { readonly body: BodyInit; readonly headers?: HeadersInit };

const json = { "content-type": "application/json" };
const encoder = new TextEncoder();
const megabyte = 1024 * 1024;

/** Texts that mean something to parsers, JavaScript or our rules. */
const words: readonly string[] = [
  "",
  "lambda",
  "vast",
  "us-east-1",
  "A10-24GB",
  "tgp.io/gpu-model",
  "tgp.io/typo",
  "topology.kubernetes.io/region",
  "nvidia.com/gpu.product",
  "__proto__",
  "constructor",
  "toString",
  "In",
  "Gt",
  "9".repeat(40),
  "-1",
  "1e400",
  "5m",
  "a/b/c",
  "\u0000\u001b[31m",
  "\ud800",
  "😀",
  "x".repeat(300),
];

/** How each kind of request is made, by how often. */
const makers: readonly (readonly [weight: number, what: string, make: Make])[] = [
  [60, "a mutated object", (random) => toBody(makeReview(random, 6))],
  [10, "a mutated review", (random) => toBody(mutate(random, makeReview(random)))],
  [
    10,
    "a review of a random object",
    (random) => toBody(toReview({ kind: pick(random, kinds), object: makeValue(random, 6) })),
  ],
  [10, "a review cut off", (random) => {
    const text = JSON.stringify(makeReview(random));
    return { body: text.slice(0, Math.floor(random.next() * text.length)) };
  }],
  [
    10,
    "a review with flipped bytes",
    (random) => ({ body: flipBytes(random, makeReview(random)) }),
  ],
  [6, "a review with prototype keys", (random) => ({ body: withPrototypeKeys(random) })],
  [4, "a random value", (random) => toBody(makeValue(random, 8))],
  [4, "random bytes", (random) => ({ body: randomBytes(random, 512) })],
  [4, "another encoding", (random) => inOtherEncoding(random)],
  [4, "other headers", (random) => ({
    body: JSON.stringify(makeReview(random)),
    headers: pick(random, otherHeaders),
  })],
  [3, "a body in pieces", (random) => ({ body: inPieces(random, makeReview(random)) })],
  [1, "a huge array", (random) => toBody(withHugeArray(random))],
  [1, "deep nesting", (random) => ({ body: withDeepNesting(random) })],
  [0.3, "a huge text", (random) => toBody(withHugeText(random))],
  [0.1, "ten megabytes", (random) => ({ body: tenMegabytes(random) })],
];

const totalWeight = makers.reduce((sum, [weight]) => sum + weight, 0);
const kinds = ["GPUNodePool", "GPUNodeClass", "GPUNodeClaim"] as const;
const otherHeaders: readonly HeadersInit[] = [
  {},
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "application/jsonx" },
  { "content-type": "application/vnd.kubernetes.protobuf" },
  { ...json, "content-encoding": "gzip" },
  { ...json, "content-length": "99999999999" },
  { ...json, "content-length": "1" },
];

/** Makes the next request. */
export function fuzzRequest(random: Random): FuzzedRequest {
  let left = random.next() * totalWeight;
  const [, what, make] = makers.find(([weight]) => (left -= weight) < 0) ?? makers[0] ??
    assert.fail("there are no makers");
  const { body, headers = json } = make(random);
  const request = new Request("https://webhook.test/validate", { method: "POST", headers, body });
  return { what, request };
}

/** Sends a request, and checks that the answer is a proper one. @returns Its HTTP status. */
export async function checkAnswer(app: AdmissionApp, { request }: FuzzedRequest): Promise<number> {
  const answer = await app.fetch(request);
  const text = await answer.text();
  if (answer.status !== 200) {
    assert.ok([400, 413, 415].includes(answer.status), `HTTP ${answer.status}: ${text}`);
    assert.match(text, /^.{5,500}\n$/s);
    return answer.status;
  }
  const { apiVersion, kind, response } = JSON.parse(text);
  assert.equal(apiVersion, "admission.k8s.io/v1");
  assert.equal(kind, "AdmissionReview");
  assert.equal(typeof response.uid, "string");
  assert.equal(typeof response.allowed, "boolean");
  assert.ok(text.length < 64 * 1024, `an answer of ${text.length} characters`);
  if (!response.allowed) {
    assert.ok([400, 422].includes(response.status.code));
    assert.ok(response.status.message.length > 5);
  }
  for (const warning of response.warnings ?? []) assert.ok(warning.length <= 256);
  return 200;
}

function toBody(value: unknown) {
  return { body: JSON.stringify(value) ?? "undefined" };
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const index = Math.floor(random.next() * choices.length);
  // One of the choices may well be null.
  for (const choice of choices.slice(index, index + 1)) return choice;
  assert.fail("there is nothing to choose from");
}

/**
 * A review of a sound object, sometimes of an update.
 *
 * @param changes Most mutations of the object.
 */
function makeReview(random: Random, changes = 0): object {
  const kind = pick(random, kinds);
  const object: object = changes === 0
    ? makeObject(kind)
    : mutate(random, makeObject(kind), changes);
  const operation = pick(random, ["CREATE", "CREATE", "UPDATE", "DELETE", "CONNECT"]);
  const oldObject = operation === "CREATE" ? null : mutate(random, makeObject(kind));
  return toReview({ kind, operation, object, oldObject });
}

function makeObject(kind: typeof kinds[number]): object {
  switch (kind) {
    case "GPUNodeClass":
      return toObject(kind, "default", soundClassSpec);
    case "GPUNodeClaim":
      return toObject(kind, "mine", {
        nodeClassRef: { name: "default" },
        requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["A10-24GB"] }],
        resources: { "nvidia.com/gpu": "1" },
        maxPricePerHour: "5",
      });
    case "GPUNodePool":
      return toObject(kind, "gpu", {
        ...soundPoolSpec,
        podSelector: { matchLabels: { team: "a" } },
        template: {
          metadata: { labels: { "example.com/team": "a" } },
          spec: {
            requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["A10-24GB"] }],
            taints: [{ key: "example.com/team", effect: "NoSchedule" }],
          },
        },
        limits: { nodes: 3, resources: { "nvidia.com/gpu": 8 }, spendPerHour: "20" },
        price: { maxPerGpuHour: "4" },
      });
  }
}

/** A copy with some of its values replaced, removed or repeated, anywhere. */
function mutate(random: Random, value: object, most = 4): object {
  const copy: Record<string, unknown> = structuredClone(value) as Record<string, unknown>;
  const changes = 1 + Math.floor(random.next() * most);
  for (let count = 0; count < changes; count++) mutateOnce(random, copy);
  return copy;
}

function mutateOnce(random: Random, root: Record<string, unknown>): void {
  let parent: Record<string, unknown> | unknown[] = root;
  for (;;) {
    const keys: readonly string[] = Object.keys(parent);
    if (keys.length === 0) return;
    const key = pick(random, keys);
    const members = parent as Record<string, unknown>;
    const child = members[key];
    if (typeof child === "object" && child !== null && random.next() < 0.85) {
      parent = child as Record<string, unknown>;
      continue;
    }
    const change = random.next();
    if (change < 0.15) delete members[key];
    else if (change < 0.3) members[pick(random, words)] = makeValue(random, 3);
    else if (change < 0.4 && Array.isArray(parent)) parent.push(child, makeValue(random, 3));
    else members[key] = makeValue(random, 3);
    return;
  }
}

/** Any JSON value. */
function makeValue(random: Random, depth: number): unknown {
  const kind = random.next();
  if (depth > 0 && kind < 0.2) {
    return Array.from(
      { length: Math.floor(random.next() * 5) },
      () => makeValue(random, depth - 1),
    );
  }
  if (depth > 0 && kind < 0.4) {
    return Object.fromEntries(
      Array.from({ length: Math.floor(random.next() * 5) }, () => [
        pick(random, words),
        makeValue(random, depth - 1),
      ]),
    );
  }
  if (kind < 0.7) return pick(random, words);
  return pick(random, [null, true, false, 0, -1, 1.5, 2 ** 53, 1e308, "5", "0.75"]);
}

function flipBytes(random: Random, review: object): BodyInit {
  const bytes = encoder.encode(JSON.stringify(review));
  for (let count = 0; count < 3; count++) {
    bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
  }
  return bytes;
}

/** As text: objects of JavaScript would not keep such keys. */
function withPrototypeKeys(random: Random): string {
  const key = pick(random, ["__proto__", "constructor", "prototype"]);
  const value = pick(random, ['{"polluted":true}', "[]", "null", '"x"', '{"spec":{}}']);
  const places = [...JSON.stringify(makeReview(random)).matchAll(/\{/g)].map(({ index }) => index);
  const text = JSON.stringify(makeReview(random));
  const at = pick(random, places);
  const brace = text.indexOf("{", Math.min(at, text.length - 2));
  const start = brace < 0 ? 0 : brace;
  return `${text.slice(0, start + 1)}"${key}":${value},${text.slice(start + 1)}`;
}

function randomBytes(random: Random, length: number): BodyInit {
  return Uint8Array.from({ length }, () => random.next() * 256);
}

function inOtherEncoding(random: Random): ReturnType<Make> {
  const text = JSON.stringify(makeReview(random));
  const wide = new Uint8Array(2 + text.length * 2);
  const view = new DataView(wide.buffer);
  const little = random.next() < 0.5;
  view.setUint16(0, 0xfeff, little);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 + index * 2, text.charCodeAt(index), little);
  }
  const latin = Uint8Array.from(`${text.slice(0, -2)}\u00ff\u00c0}}`, (char) => char.charCodeAt(0));
  const marked = encoder.encode(`\ufeff${text}`);
  return { body: pick(random, [wide, latin, marked]) };
}

function inPieces(random: Random, review: object): ReadableStream<Uint8Array> {
  const bytes = encoder.encode(JSON.stringify(review));
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      const next = offset + 1 + Math.floor(random.next() * 400);
      controller.enqueue(bytes.slice(offset, next));
      offset = next;
      if (offset >= bytes.length) controller.close();
    },
  });
}

function withHugeArray(random: Random): object {
  const length = 20_000 + Math.floor(random.next() * 80_000);
  const item = pick(random, [{}, null, "x", { key: "a", operator: "In", values: ["b"] }]);
  const huge = Array(length).fill(item);
  const spec = pick<object>(random, [
    { ...soundClassSpec, providers: huge },
    { ...soundPoolSpec, template: { spec: { requirements: huge } } },
    { ...soundPoolSpec, podSelector: { matchLabels: Object.fromEntries(huge.entries()) } },
  ]);
  return toReview({ kind: pick(random, kinds), object: toObject("GPUNodePool", "gpu", spec) });
}

function withDeepNesting(random: Random): string {
  const depth = 1_000 + Math.floor(random.next() * 200_000);
  const [open, close] = pick(random, [["[", "]"], ['{"a":', "}"]] as const);
  const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
  if (random.next() < 0.3) return deep;
  const update = { operation: "UPDATE", object: "@@", oldObject: "@@" };
  return JSON.stringify(toReview(random.next() < 0.5 ? { object: "@@" } : update))
    .replaceAll('"@@"', `{"spec":${deep}}`);
}

function withHugeText(random: Random): object {
  const huge = pick(random, ["a", "A", "/", "9", ".", "é"]).repeat(megabyte);
  const spec = pick<object>(random, [
    { ...soundPoolSpec, weight: huge },
    { ...soundPoolSpec, template: { metadata: { labels: { [huge]: "x" } } } },
    {
      ...soundClassSpec,
      bootstrap: { kubeadm: { ...soundClassSpec.bootstrap.kubeadm, caBundle: huge } },
    },
  ]);
  return toReview({ kind: pick(random, kinds), object: toObject("GPUNodePool", "gpu", spec) });
}

function tenMegabytes(random: Random): BodyInit {
  const chunk = encoder.encode(" ".repeat(megabyte));
  if (random.next() < 0.5) return " ".repeat(10 * megabyte);
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (++sent > 10) controller.close();
      else controller.enqueue(chunk);
    },
  });
}
