import assert from "node:assert/strict";
import fc from "fast-check";
import {
  authorityValidity,
  decideRotation,
  leafValidity,
  lifetimes,
  renewalTime,
  type RotationInput,
} from "../../../../../controller/admission/serving/certificates/decide_rotation.ts";
import type { StoredCertificates } from "../../../../../controller/admission/serving/certificates/stored_certificates.ts";
import { withoutClients } from "../../../../../controller/admission/serving/certificates/trust.ts";
import { buildStored } from "../../../../support/webhook_certificates.ts";

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const nobody = { isPublished: () => false, isSettled: () => false };

function decide(certificates: StoredCertificates, input: Partial<RotationInput>) {
  return decideRotation({
    now: start,
    stored: { kind: "usable", certificates },
    trust: withoutClients,
    hosts: ["webhook.example"],
    ...input,
  });
}

Deno.test("decideRotation() starts anew where there is nothing usable", () => {
  const stored = { kind: "unusable", problem: "ca.crt is missing" } as const;
  assert.deepEqual(
    decideRotation({ now: start, stored, trust: nobody, hosts: [] }),
    { kind: "startAnew", why: "ca.crt is missing" },
  );
});

Deno.test("decideRotation() renews the leaf after two thirds of its life", async () => {
  const certificates = await buildStored({ authorities: [start], leaf: start });
  const due = renewalTime(certificates.leaf);
  assert.ok(Math.abs(due - (start + 60 * dayMs)) < dayMs);
  assert.equal(decide(certificates, { now: due - 1 }).kind, "use");
  const renewal = decide(certificates, { now: due });
  assert.equal(renewal.kind, "renewLeaf");
  assert.match("why" in renewal ? renewal.why : "", /expires on 2026-04-01/);
});

Deno.test("decideRotation() renews a leaf that is not valid for a host", async () => {
  const certificates = await buildStored({ authorities: [start], leaf: start });
  const renewal = decide(certificates, { hosts: ["webhook.example", "::1"] });
  assert.equal(renewal.kind, "renewLeaf");
  assert.match("why" in renewal ? renewal.why : "", /not valid for ::1$/);
});

Deno.test("decideRotation() lets an authority sign only once it is trusted everywhere", async () => {
  const certificates = await buildStored({ authorities: [start], leaf: start });
  const now = renewalTime(certificates.leaf);
  assert.equal(decide(certificates, { now, trust: nobody }).kind, "use");
  const published = { isPublished: () => true, isSettled: () => false };
  assert.equal(decide(certificates, { now, trust: published }).kind, "use");
  // Nobody accepts an expired leaf: then it cannot get worse.
  const expired = certificates.leaf.notAfterMs;
  assert.equal(decide(certificates, { now: expired, trust: nobody }).kind, "renewLeaf");
});

Deno.test("decideRotation() adds an authority a third of its life before the present one ends", async () => {
  const made = start - 486 * dayMs;
  const certificates = await buildStored({ authorities: [made], leaf: start });
  assert.equal(decide(certificates, { now: start }).kind, "use");
  assert.equal(decide(certificates, { now: start + dayMs }).kind, "addAuthority");
});

Deno.test("decideRotation() forgets authorities that have expired", async () => {
  const certificates = await buildStored({
    authorities: [start, start - 400 * dayMs],
    leaf: start + 300 * dayMs,
  });
  assert.equal(decide(certificates, { now: start + 329 * dayMs }).kind, "use");
  assert.equal(decide(certificates, { now: start + 330 * dayMs }).kind, "forget");
});

Deno.test("decideRotation() starts anew when everything has expired", async () => {
  const certificates = await buildStored({ authorities: [start], leaf: start });
  const decision = decide(certificates, { now: start + lifetimes.authorityMs });
  assert.equal(decision.kind, "startAnew");
});

Deno.test("a leaf never outlives its authority, and an authority outlives its last leaf", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: lifetimes.authorityMs }), (age) => {
    const authority = authorityValidity(start);
    const leaf = leafValidity(start + age, authority);
    assert.ok(leaf.notAfterMs <= authority.notAfterMs);
    assert.ok(leaf.notBeforeMs >= authority.notBeforeMs);
    // Until another one signs, a leaf lives for as long as it should.
    if (start + age < renewalTime(authority)) {
      assert.equal(leaf.notAfterMs, start + age + lifetimes.leafMs);
    }
  }));
});
