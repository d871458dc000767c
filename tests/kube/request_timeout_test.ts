import assert from "node:assert/strict";
import { parseRequestTimeoutMs } from "../../kube/request_timeout.ts";

Deno.test("parseRequestTimeoutMs() reads what kubectl reads", () => {
  const values: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["30", 30_000],
    ["5s", 5_000],
    ["1m30s", 90_000],
    ["1.5h", 5_400_000],
    ["500ms", 500],
    ["0s", 0],
  ];
  for (const [value, ms] of values) assert.equal(parseRequestTimeoutMs(value), ms, value);
});

Deno.test("parseRequestTimeoutMs() refuses everything else", () => {
  for (const value of ["", "s", "-1", "5 s", "1d", "1.5", "s5", "5sx"]) {
    assert.throws(() => parseRequestTimeoutMs(value), { name: "KubeconfigError" }, value);
  }
});
