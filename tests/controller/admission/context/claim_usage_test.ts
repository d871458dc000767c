import assert from "node:assert/strict";
import { ClaimUsage } from "../../../../controller/admission/context/claim_usage.ts";
import { parseUsd } from "../../../../schemas/money.ts";
import { createClaimAt } from "../../../support/admission_claims.ts";

Deno.test("ClaimUsage counts what pools and classes have, as it changes", () => {
  const usage = new ClaimUsage();
  const [first, second, third] = [
    createClaimAt("0.75"),
    createClaimAt("1.00", "other"),
    createClaimAt("2.00"),
  ];
  assert.equal(usage.of("pool", "gpu").nodes, 0);
  usage.apply({ type: "ADDED", key: "first", object: first });
  usage.apply({ type: "ADDED", key: "second", object: second });
  assert.equal(usage.of("pool", "gpu").nodes, 1);
  assert.equal(usage.of("class", "default").perHour, parseUsd("1.75"));
  assert.equal(usage.of("class", "default"), usage.of("class", "default"), "counted once");

  usage.apply({ type: "ADDED", key: "third", object: third });
  assert.equal(usage.of("pool", "gpu").perHour, parseUsd("2.75"));
  assert.equal(usage.of("class", "default").nodes, 3);
  assert.equal(usage.of("pool", "other").nodes, 1);

  const cheaper = createClaimAt("1.50");
  usage.apply({ type: "MODIFIED", key: "third", object: cheaper, old: third });
  assert.equal(usage.of("pool", "gpu").perHour, parseUsd("2.25"));

  usage.apply({ type: "DELETED", key: "first", old: first });
  usage.apply({ type: "DELETED", key: "third", old: cheaper });
  assert.equal(usage.of("pool", "gpu").nodes, 0);
  assert.equal(usage.of("class", "default").nodes, 1);
});
