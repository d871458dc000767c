import assert from "node:assert/strict";
import { checkApiKey, fingerprintOf } from "../../providers/api_key.ts";

Deno.test("checkApiKey() accepts printable ASCII", () => {
  assert.equal(checkApiKey("secret_aB3-._~+/=!"), undefined);
});

Deno.test("checkApiKey() explains what is wrong without quoting any of it", () => {
  const cases: [string, RegExp][] = [
    ["", /is empty/],
    ["canary\n", /line break at character 7 of 7; store it without one/],
    ["canary\r\n", /line break at character 7 of 8/],
    ["canary key", /space at character 7/],
    ["canary\tkey", /space at character 7/],
    ["canarÿ", /character at character|character at|not printable ASCII/],
    ["canary\u0000", /not printable ASCII/],
    ["\ufeffcanary", /character 1 of 7/],
  ];
  for (const [key, expected] of cases) {
    const problem = checkApiKey(key);
    assert.match(problem ?? "", expected);
    assert.doesNotMatch(problem ?? "", /canar/);
  }
});

Deno.test("fingerprintOf() tells keys apart and reveals none", () => {
  assert.match(fingerprintOf("key-one"), /^[0-9a-f]{12}$/);
  assert.notEqual(fingerprintOf("key-one"), fingerprintOf("key-two"));
});
