import assert from "node:assert/strict";
import { systemClock } from "../../runtime/clock.ts";
import { buildReview, isReady, WebhookBox } from "../support/webhook_box.ts";
import { load } from "../support/webhook_load.ts";

Deno.test("a controller that is told to stop under load fails nobody, and exits with 0", async () => {
  await using box = await WebhookBox.create();
  const process = await box.start();
  const options = { url: process.url, caPem: await box.caPem(), clients: 4, body: buildReview() };
  const leave = new AbortController();
  const asking = Promise.all(
    (["http1", "http2"] as const).map((protocol) => load({ ...options, protocol }, leave.signal)),
  );
  await systemClock.sleep(500);
  const stopping = process.stop("SIGTERM");
  // Kubernetes sends connections elsewhere once a replica is not ready; some nodes hear of it late.
  while (await isReady(process)) await systemClock.sleep(10);
  await systemClock.sleep(3_000);
  leave.abort();
  for (const { answered, failures } of await asking) {
    assert.deepEqual(failures, []);
    assert.ok(answered > 50, `${answered} answers`);
  }
  assert.equal(await stopping, 0);
  assert.ok(process.log.some((line) => line.includes("Released the lease")));
});
