import assert from "node:assert/strict";
import { BundlePublisher } from "../../../../../controller/admission/serving/certificates/bundle_publisher.ts";
import { buildStored } from "../../../../support/webhook_certificates.ts";
import { keeperOptions, WebhookCluster } from "../../../../support/webhook_cluster.ts";

const signal = new AbortController().signal;

Deno.test("BundlePublisher overwrites nobody's later bundle", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install();
  const now = cluster.clock.now();
  const [one, other] = [
    await buildStored({ authorities: [now], leaf: now }),
    await buildStored({ authorities: [now], leaf: now }),
  ];
  const publisher = new BundlePublisher(cluster.kube, keeperOptions.configuration);
  const read = await publisher.read(signal);
  assert.ok(read);
  assert.equal(await publisher.publish(read, { ...one, now }, signal), true);
  // Read before the other had written: nothing happens, but it is worth reading again.
  assert.equal(await publisher.publish(read, { ...other, now }, signal), true);
  assert.deepEqual(await cluster.trusted(), one.authorities);

  const again = await publisher.read(signal);
  assert.ok(again);
  assert.equal(await publisher.publish(again, { ...other, now }, signal), true);
  const trusted = await cluster.trusted() ?? [];
  assert.deepEqual(new Set(trusted), new Set([...one.authorities, ...other.authorities]));

  const last = await publisher.read(signal);
  assert.ok(last);
  assert.equal(await publisher.publish(last, { ...other, now }, signal), false);
});

Deno.test("BundlePublisher drops authorities that have expired, and whatever is not ours", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install(["a.tgp.io", "b.tgp.io"]);
  const now = cluster.clock.now();
  const old = await buildStored({ authorities: [now], leaf: now });
  const publisher = new BundlePublisher(cluster.kube, keeperOptions.configuration);
  const publish = async (certificates: typeof old, at: number) => {
    const read = await publisher.read(signal);
    return read && await publisher.publish(read, { ...certificates, now: at }, signal);
  };
  await publish({ ...old, authorities: [old.leaf] }, now);
  assert.deepEqual(await cluster.trusted(), [old.leaf]);
  await publish(old, now);
  assert.deepEqual(await cluster.trusted(), old.authorities);
  const later = old.authorities[0].notAfterMs;
  const next = await buildStored({ authorities: [later], leaf: later });
  await publish(next, later);
  assert.deepEqual(await cluster.trusted(), next.authorities);
});

Deno.test("BundlePublisher finds no configuration", async () => {
  await using cluster = new WebhookCluster();
  await cluster.install([]);
  const publisher = new BundlePublisher(cluster.kube, keeperOptions.configuration);
  assert.equal(await publisher.read(signal), undefined);
});
