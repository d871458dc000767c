import assert from "node:assert/strict";
import { mayServe } from "../../../../../controller/admission/serving/certificates/may_serve.ts";
import type { Trust } from "../../../../../controller/admission/serving/certificates/trust.ts";
import { buildStored } from "../../../../support/webhook_certificates.ts";

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);

const unknown: Trust = { isPublished: () => false, isSettled: () => false };
const published: Trust = { isPublished: () => true, isSettled: () => false };
const settled: Trust = { isPublished: () => true, isSettled: () => true };

Deno.test("mayServe() waits for what clients trust", async () => {
  const old = await buildStored({ authorities: [start], leaf: start });
  const sameAuthority = { ...old, leaf: { ...old.leaf, fingerprint: "another" } };
  const next = await buildStored({ authorities: [start + dayMs], leaf: start + dayMs });
  const now = start + 2 * dayMs;

  assert.equal(mayServe(next, { now, serving: undefined, trust: unknown }), false);
  assert.equal(mayServe(next, { now, serving: undefined, trust: published }), true);
  // Something is being served that everybody accepts.
  assert.equal(mayServe(next, { now, serving: old, trust: published }), false);
  assert.equal(mayServe(next, { now, serving: old, trust: settled }), true);
  assert.equal(mayServe(sameAuthority, { now, serving: old, trust: unknown }), true);
  // … or nobody does any more.
  const late = old.leaf.notAfterMs;
  assert.equal(mayServe(next, { now: late, serving: old, trust: published }), true);
});

Deno.test("mayServe() serves neither the same leaf again nor one that has expired", async () => {
  const old = await buildStored({ authorities: [start], leaf: start });
  assert.equal(mayServe(old, { now: start, serving: old, trust: settled }), false);
  const now = old.leaf.notAfterMs;
  assert.equal(mayServe(old, { now, serving: undefined, trust: settled }), false);
});
