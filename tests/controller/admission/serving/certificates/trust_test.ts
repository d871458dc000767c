import assert from "node:assert/strict";
import {
  TrustWatch,
  withoutClients,
} from "../../../../../controller/admission/serving/certificates/trust.ts";
import { buildStored } from "../../../../support/webhook_certificates.ts";

Deno.test("TrustWatch counts from when it first saw an authority, and anew when it was gone", async () => {
  const { authorities: [one, other = one] } = await buildStored({ authorities: [0, 1], leaf: 1 });
  const watch = new TrustWatch(30_000);
  const states = [
    { now: 0, published: [one], settled: [] },
    { now: 29_999, published: [one, other], settled: [] },
    { now: 30_000, published: [one, other], settled: [one] },
    { now: 60_000, published: [one, other], settled: [one, other] },
    { now: 61_000, published: [other], settled: [other] },
    { now: 62_000, published: [one, other], settled: [other] },
  ];
  for (const { now, published, settled } of states) {
    const trust = watch.observe(published, now);
    for (const authority of [one, other]) {
      assert.equal(trust.isPublished(authority.fingerprint), published.includes(authority));
      assert.equal(trust.isSettled(authority.fingerprint), settled.includes(authority), `${now}`);
    }
  }
});

Deno.test("withoutClients trusts everything", () => {
  assert.equal(withoutClients.isPublished("x") && withoutClients.isSettled("x"), true);
});
