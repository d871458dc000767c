import assert from "node:assert/strict";
import { isSignedBy } from "../../../../../controller/admission/serving/certificates/certificate.ts";
import { webhookConfigurations } from "../../../../../controller/admission/serving/certificates/webhook_configuration.ts";
import { secrets } from "../../../../../kube/resource.ts";
import {
  keeperOptions,
  type Replica,
  WebhookCluster,
} from "../../../../support/webhook_cluster.ts";

const dayMs = 86_400_000;

function serve(cluster: WebhookCluster, replicas: readonly Replica[]): Promise<void> {
  return cluster.until("all serve", () => replicas.every(({ serving }) => serving !== undefined));
}

function reasonsOf({ notes }: WebhookCluster): string[] {
  return notes.map(({ reason }) => reason);
}

Deno.test("CertificateKeeper makes, publishes and serves; replicas agree", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install(["a.tgp.io", "b.tgp.io"]);
  const replicas = [cluster.start(), cluster.start(), cluster.start()];
  await serve(cluster, replicas);
  assert.equal(new Set(replicas.map(({ serving }) => serving?.fingerprint)).size, 1);
  const [authority, ...others] = await cluster.trusted() ?? [];
  assert.equal(others.length, 0);
  for (const { serving } of replicas) {
    assert.ok(serving && authority && isSignedBy(serving, authority));
    assert.deepEqual(serving.hosts, keeperOptions.hosts);
  }
  const [note] = cluster.notes;
  assert.deepEqual(reasonsOf(cluster), ["WebhookCertificatesCreated"]);
  assert.deepEqual(note?.object, { apiVersion: "v1", kind: "Secret", ...keeperOptions.secret });
});

Deno.test("CertificateKeeper owns nothing of the configuration but the bundles", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install(["a.tgp.io"]);
  await serve(cluster, [cluster.start()]);
  const { metadata } = await cluster.configuration();
  const managers = "managedFields" in metadata ? metadata.managedFields : undefined;
  assert.ok(Array.isArray(managers));
  const { fieldsV1 } = managers.find(({ manager }) => manager === "tgp-webhook");
  assert.deepEqual(fieldsV1, {
    "f:webhooks": {
      'k:{"name":"a.tgp.io"}': {
        ".": {},
        "f:name": {},
        "f:clientConfig": { "f:caBundle": {} },
      },
    },
  });
});

Deno.test("CertificateKeeper writes nothing when there is nothing to do", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const replicas = [cluster.start(), cluster.start()];
  await serve(cluster, replicas);
  await cluster.clock.advance(60_000);
  let writes = 0;
  cluster.api.addHook({ before: ({ method }) => void (method === "GET" || writes++) });
  await cluster.clock.advance(dayMs / 24);
  assert.equal(writes, 0);
  assert.deepEqual(replicas.map(({ served }) => served.length), [1, 1]);
});

Deno.test("CertificateKeeper replaces what it cannot use, says so, and goes on serving", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const replica = cluster.start();
  await serve(cluster, [replica]);
  const before = await cluster.trusted() ?? [];
  await cluster.kube.patch(secrets, keeperOptions.secret, { data: { "tls.key": "AA==" } });
  await cluster.until("it is replaced", () => cluster.notes.length === 2);
  assert.deepEqual(cluster.notes[1], {
    object: { apiVersion: "v1", kind: "Secret", ...keeperOptions.secret },
    type: "Warning",
    reason: "WebhookCertificatesReplaced",
    message:
      "Made a new authority and certificate for the webhook: tls.key is not the key of the " +
      "certificate in tls.crt",
  });
  // API servers that have not heard of the new authority still accept the old certificate.
  await cluster.clock.advance(20_000);
  assert.equal(replica.served.length, 1);
  const trusted = await cluster.trusted() ?? [];
  assert.equal(trusted.length, 2);
  assert.ok(trusted.some(({ fingerprint }) => fingerprint === before[0]?.fingerprint));
  await cluster.until("the new one is served", () => replica.served.length === 2);
});

Deno.test("CertificateKeeper makes room for its Secret where another kind of Secret is", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  await cluster.kube.create(
    secrets,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: keeperOptions.secret,
      type: "kubernetes.io/basic-auth",
      data: { username: "AA==", password: "AA==" },
    } as Parameters<typeof cluster.kube.create>[1],
  );
  await serve(cluster, [cluster.start()]);
  assert.equal((await cluster.secret()).type, "Opaque");
});

Deno.test("CertificateKeeper serves nothing whose authority it could not publish", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const refuse = cluster.api.addHook({
    before: ({ method }) => method === "PATCH" ? new Response("no", { status: 403 }) : undefined,
  });
  const replica = cluster.start();
  await cluster.clock.advance(120_000);
  assert.equal(replica.serving, undefined);
  assert.ok(await cluster.secret());
  refuse();
  await serve(cluster, [replica]);
});

Deno.test("CertificateKeeper publishes again what somebody took out of the configuration", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  await serve(cluster, [cluster.start()]);
  const ref = { name: keeperOptions.configuration };
  await cluster.kube.patch(
    webhookConfigurations,
    ref,
    [{ op: "replace", path: "/webhooks/0/clientConfig/caBundle", value: btoa("nonsense") }],
    { kind: "json" },
  );
  assert.deepEqual(await cluster.trusted(), []);
  await cluster.clock.advance(15_000);
  assert.equal((await cluster.trusted())?.length, 1);
});

Deno.test("CertificateKeeper serves without a configuration, and publishes when one comes", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install([]);
  await serve(cluster, [cluster.start()]);
  await cluster.configure(["a.tgp.io"]);
  await cluster.clock.advance(15_000);
  assert.equal((await cluster.trusted())?.length, 1);
});

Deno.test("CertificateKeepers that are told different hosts agree on a certificate for all", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const replicas = [cluster.start(), cluster.start({ hosts: ["127.0.0.1"] })];
  await serve(cluster, replicas);
  await cluster.clock.advance(5 * 60_000);
  const hosts = replicas.map(({ serving }) => [...serving?.hosts ?? []].sort());
  assert.deepEqual(hosts, [0, 1].map(() => ["127.0.0.1", "tgp-webhook.tgp-system.svc"]));
  const made = cluster.notes.length;
  await cluster.clock.advance(dayMs / 24);
  assert.equal(cluster.notes.length, made);
});

Deno.test("CertificateKeeper goes through leaves and authorities without a gap", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const replica = cluster.start({ checkMs: dayMs });
  await serve(cluster, [replica]);
  await cluster.clock.advance(800 * dayMs);
  assert.deepEqual(
    [...new Set(reasonsOf(cluster))],
    [
      "WebhookCertificatesCreated",
      "WebhookCertificateRenewed",
      "WebhookAuthorityAdded",
      "WebhookAuthorityForgotten",
    ],
  );
  // A new leaf every sixty days, and at every moment one that holds for another month.
  assert.equal(replica.served.length, 14);
  replica.served.slice(1).forEach((leaf, index) => {
    assert.ok((replica.served[index]?.notAfterMs ?? 0) - leaf.notBeforeMs > 28 * dayMs);
  });
  assert.equal((await cluster.trusted())?.length, 1);
});

Deno.test("CertificateKeeper survives an API server that answers nonsense", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  let asked = 0;
  const disturb = cluster.api.addHook({
    before: () => ++asked % 3 === 0 ? undefined : new Response("<html>", { status: 200 }),
  });
  const replica = cluster.start();
  await cluster.clock.advance(60_000);
  disturb();
  await serve(cluster, [replica]);
});
