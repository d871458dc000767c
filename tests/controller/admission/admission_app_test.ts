import assert from "node:assert/strict";
import {
  type AdmissionAppDeps,
  createAdmissionApp,
  validatePath,
} from "../../../controller/admission/admission_app.ts";
import type { AdmissionContext } from "../../../controller/admission/context/admission_context.ts";
import { silentLog } from "../../../runtime/log.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import {
  createTestContext,
  lambdaOffers,
  readClass,
  readPool,
  soundClassSpec,
  soundPoolSpec,
  toObject,
  toReview,
} from "../../support/admission.ts";
import { createClaimAt } from "../../support/admission_claims.ts";
import { checkAnswer, fuzzRequest } from "../../support/admission_fuzz.ts";
import { createRecordingLog } from "../../support/kube_recording_log.ts";

/** An application, and what it has counted. */
function createApp(change: Partial<AdmissionAppDeps> = {}) {
  const counted: string[] = [];
  let nowMs = 0;
  const app = createAdmissionApp({
    context: createTestContext(),
    isReady: () => true,
    log: silentLog,
    metrics: {
      count: (name, labels) => void counted.push(`${name} ${JSON.stringify(labels)}`),
      observe: (name, value) => void counted.push(`${name} ${value}`),
      gauge() {},
    },
    monotonicMs: () => nowMs += 5,
    ...change,
  });
  return { app, counted };
}

const headers = { "content-type": "application/json" };
const sound = JSON.stringify(toReview({ object: toObject("GPUNodePool", "gpu", soundPoolSpec) }));

function post(body: BodyInit | null, init: RequestInit = {}): Request {
  return new Request(`https://webhook.test${validatePath}`, {
    method: "POST",
    headers,
    body,
    ...init,
  });
}

Deno.test("createAdmissionApp() answers a review with a review", async () => {
  const { app, counted } = createApp();
  const answer = await app.fetch(post(sound));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  const { kind, response } = await answer.json();
  assert.equal(kind, "AdmissionReview");
  assert.equal(response.allowed, true);
  assert.deepEqual(counted, [
    'tgp_admission_requests_total {"kind":"GPUNodePool","operation":"CREATE","allowed":"true"}',
    "tgp_admission_duration_seconds 0.005",
  ]);
});

Deno.test("createAdmissionApp() counts with bounded labels, and logs what it denies", async () => {
  const log = createRecordingLog();
  const { app, counted } = createApp({ log });
  await app.fetch(post(JSON.stringify(toReview({ kind: "Whatever", object: {} }))));
  assert.equal(
    counted[0],
    'tgp_admission_requests_total {"kind":"other","operation":"CREATE","allowed":"false"}',
  );
  assert.deepEqual(log.lines.map(({ level, message }) => `${level} ${message}`), [
    "debug Denied a write",
  ]);
});

Deno.test("createAdmissionApp() answers what is no review with an HTTP error in words", async () => {
  const { app, counted } = createApp();
  const cases: readonly (readonly [Request, number, RegExp])[] = [
    [post("{"), 400, /not JSON/],
    [post("{}"), 400, /apiVersion/],
    [post(null), 400, /not JSON/],
    [post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, /not UTF-8/],
    [post(" ".repeat(3 * 1024 ** 2 + 1)), 413, /larger than 3 MiB/],
    [
      post("{}", { headers: { ...headers, "content-length": "9999999" } }),
      413,
      /larger than 3 MiB/,
    ],
    [post(sound, { headers: {} }), 415, /application\/json/],
    [post(sound, { headers: { "content-type": "application/yaml" } }), 415, /"application\/yaml"/],
    [post(sound, { headers: { ...headers, "content-encoding": "gzip" } }), 415, /content-encoding/],
  ];
  for (const [request, status, words] of cases) {
    const answer = await app.fetch(request);
    assert.equal(answer.status, status);
    assert.match(await answer.text(), words);
  }
  assert.equal(counted.length, cases.length);
  assert.equal(counted[0], 'tgp_admission_bad_requests_total {"status":"400"}');
});

Deno.test("createAdmissionApp() takes a body of just the size that the API server sends at most", async () => {
  const { app } = createApp();
  const padded = sound + " ".repeat(3 * 1024 ** 2 - sound.length);
  assert.equal((await app.fetch(post(padded))).status, 200);
});

Deno.test("createAdmissionApp() stops reading a body that is too large", async () => {
  const { app } = createApp();
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => void (cancelled = true),
  });
  const answer = await app.fetch(post(endless));
  assert.equal(answer.status, 413);
  assert.equal(cancelled, true);
  assert.ok(sent < 4 * 1024 ** 2, String(sent));
});

Deno.test("createAdmissionApp() serves probes, and nothing else", async () => {
  let ready = false;
  const { app } = createApp({ isReady: () => ready });
  const ask = async (path: string, method = "GET") => {
    const answer = await app.fetch(new Request(`https://webhook.test${path}`, { method }));
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await ask("/healthz"), 200);
  assert.equal(await ask("/readyz"), 503);
  ready = true;
  assert.equal(await ask("/readyz"), 200);
  assert.equal(await ask("/"), 404);
  assert.equal(await ask("/validate/x", "POST"), 404);
  assert.equal(await ask("/metrics"), 404);
  assert.equal(await ask("/validate"), 405);
});

Deno.test("createAdmissionApp() survives a rule that fails, and says where to look", async () => {
  const log = createRecordingLog();
  const context: AdmissionContext = {
    ...createTestContext(),
    pools: () => {
      throw new Error("no such thing");
    },
  };
  const { app } = createApp({ context, log });
  const answer = await app.fetch(post(sound));
  assert.equal(answer.status, 500);
  assert.equal(await answer.text(), "internal error: the controller's log says more\n");
  assert.deepEqual(log.lines.map(({ level }) => level), ["error"]);
});

Deno.test("createAdmissionApp() answers whatever is sent to it", async () => {
  const { app } = createApp({
    context: createTestContext({
      classes: [readClass(soundClassSpec)],
      pools: [readPool(soundPoolSpec, { name: "other" })],
      claims: [createClaimAt("0.75")],
      offers: lambdaOffers,
      secrets: {},
    }),
  });
  const random = createSeededRandom(20261124);
  const statuses = new Map<number, number>();
  for (let count = 0; count < 3_000; count++) {
    const fuzzed = fuzzRequest(random);
    try {
      const status = await checkAnswer(app, fuzzed);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    } catch (error) {
      throw new Error(`request ${count}, ${fuzzed.what}`, { cause: error });
    }
  }
  for (const status of [200, 400, 413, 415]) {
    assert.ok((statuses.get(status) ?? 0) > 0, `never answered ${status}`);
  }
  assert.equal((Object.prototype as { polluted?: unknown }).polluted, undefined);
});
