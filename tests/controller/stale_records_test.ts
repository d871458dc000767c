import assert from "node:assert/strict";
import { findStaleRecords, isOldName, type KnownRecords } from "../../controller/stale_records.ts";

const minute = 60_000;

Deno.test("findStaleRecords() has a record go when nobody has referred to it for a minute", () => {
  let known: KnownRecords = new Map([["left/over", undefined]]);
  const stale: (readonly string[])[] = [];
  for (const now of [0, minute / 2, minute, 2 * minute]) {
    const found = findStaleRecords(known, new Set(["a/b"]), now);
    stale.push(found.stale);
    known = found.known;
  }
  assert.deepEqual(stale, [[], [], ["left/over"], []]);
  assert.deepEqual([...known.keys()], ["a/b"]);
});

Deno.test("findStaleRecords() forgives what is away for a moment", () => {
  let known: KnownRecords = new Map();
  const wanted = [true, false, true, false, false];
  for (const [index, isWanted] of wanted.entries()) {
    const keys = new Set(isWanted ? ["a/b"] : []);
    const found = findStaleRecords(known, keys, index * 45_000);
    assert.deepEqual(found.stale, []);
    known = found.known;
  }
});

Deno.test("isOldName() knows the names of earlier versions, and no others", () => {
  for (const name of ["tgp-offers-default-lambda", "tgp-stock-a-b-c"]) {
    assert.ok(isOldName(name), name);
  }
  for (
    const name of [
      "tgp-offers-default.lambda",
      "tgp-offers-default.lambda.2",
      "tgp-stock-default.lambda",
      "tgp-ledger-2026-01-01",
      "tgp-decisions-gpu",
      "kube-root-ca.crt",
      "my-tgp-offers-a-b",
    ]
  ) assert.ok(!isOldName(name), name);
});
