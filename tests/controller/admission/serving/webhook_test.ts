import assert from "node:assert/strict";
import {
  createWebhook,
  lameDuckMs,
  type WebhookOptions,
} from "../../../../controller/admission/serving/webhook.ts";
import { secrets } from "../../../../kube/resource.ts";
import { silentLog } from "../../../../runtime/log.ts";
import { silentMetrics } from "../../../../runtime/metrics.ts";
import { applyObjects, readKustomization } from "../../../../sim/demo/apply_manifests.ts";
import { createScriptedListen } from "../../../support/scripted_listen.ts";
import { buildReview } from "../../../support/webhook_box.ts";
import { keeperOptions, WebhookCluster } from "../../../support/webhook_cluster.ts";
import { readOne } from "../../../support/webhook_certificates.ts";

const crds = new URL("../../../../manifests/crds/", import.meta.url);

async function setUp(options: Partial<WebhookOptions> = {}, files = new Map<string, string>()) {
  const cluster = new WebhookCluster();
  await cluster.install();
  await applyObjects(cluster.kube, await readKustomization(crds));
  const { listen, listeners } = createScriptedListen();
  const gauges = new Map<string, number>();
  const { clock, kube, maker, random } = cluster;
  const webhook = createWebhook({
    kube,
    clock,
    monotonicMs: () => clock.now(),
    random,
    log: silentLog,
    metrics: { ...silentMetrics, gauge: (name, value) => gauges.set(name, value) },
    maker,
    listen,
    readTextFile: (path) => Promise.resolve(files.get(path) ?? ""),
  }, {
    hostname: "127.0.0.1",
    port: 0,
    namespace: "tgp-system",
    credentialNamespaces: [],
    identity: "test",
    hosts: ["0:0:0:0:0:0:0:1"],
    ...options,
  });
  const stop = new AbortController();
  const running = webhook.run(stop.signal);
  return {
    cluster,
    clock,
    gauges,
    listeners,
    webhook,
    stop,
    running,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await clock.advance(60_000);
      await running;
      await cluster[Symbol.asyncDispose]();
      assert.equal(clock.sleeping, 0);
    },
  };
}

function get(path: string): Request {
  return new Request(`https://webhook.test${path}`, { headers: { host: "webhook.test" } });
}

Deno.test("a webhook makes its certificate and serves it with the Service's names and its own", async () => {
  await using world = await setUp();
  const { clock, cluster, gauges, listeners, webhook } = world;
  assert.equal(webhook.isReady(), false);
  await clock.advance(10_000);
  assert.equal(webhook.isReady(), true);
  const leaf = readOne(listeners[0]?.options.certificate.certificatePem ?? "");
  const expiry = gauges.get("tgp_webhook_certificate_expiry_timestamp_seconds");
  assert.equal(expiry, leaf.notAfterMs / 1_000);
  assert.deepEqual(leaf.hosts, [
    "tgp-webhook.tgp-system.svc",
    "tgp-webhook.tgp-system.svc.cluster.local",
    "::1",
  ]);
  assert.ok(await cluster.kube.get(secrets, keeperOptions.secret));
  const review = await listeners[0]?.ask(
    new Request("https://webhook.test/validate", {
      method: "POST",
      body: buildReview(),
      headers: { "content-type": "application/json", host: "webhook.test" },
    }),
  );
  assert.equal((await review?.json()).response.allowed, true);
});

Deno.test("a webhook that is told to stop says so first, and serves on for a while", async () => {
  await using world = await setUp();
  const { clock, listeners, running, stop, webhook } = world;
  await clock.advance(10_000);
  const [listener] = listeners;
  assert.equal((await listener?.ask(get("/readyz")))?.status, 200);
  stop.abort();
  await clock.settle();
  assert.equal(webhook.isReady(), false);
  await clock.advance(lameDuckMs - 1_000);
  const answer = await listener?.ask(get("/readyz"));
  assert.equal(answer?.status, 503);
  assert.equal(answer?.headers.get("connection"), "close");
  assert.equal(listener?.state, "open");
  await clock.advance(1_000);
  assert.equal(listener?.state, "closed");
  await clock.advance(10_000);
  await running;
});

Deno.test("a webhook with a folder serves what is in there, and touches neither Secret nor bundle", async () => {
  const files = new Map<string, string>();
  await using world = await setUp({ certificateFolder: "/certs" }, files);
  const { clock, cluster, listeners, webhook } = world;
  await clock.advance(10_000);
  assert.equal(webhook.isReady(), false);
  const validity = { notBeforeMs: clock.now(), notAfterMs: clock.now() + 86_400_000 };
  const authority = await cluster.maker.makeAuthority("somebody's-ca", validity);
  const leaf = await cluster.maker.makeLeaf(authority, ["webhook.example"], validity);
  files.set("/certs/tls.crt", leaf.certificatePem).set("/certs/tls.key", leaf.privateKeyPem);
  await clock.advance(10_000);
  assert.equal(webhook.isReady(), true);
  assert.equal(listeners[0]?.options.certificate.certificatePem, leaf.certificatePem);
  await assert.rejects(cluster.kube.get(secrets, keeperOptions.secret), /not found/);
  assert.deepEqual(await cluster.trusted(), []);
});
