import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedact } from "../../providers/redact.ts";

const userData = `#cloud-config
write_files:
- path: /etc/tgp/token
  content: "abcdef.0123456789abcdef"
runcmd: [reboot]
`;

Deno.test("createRedact() removes secrets in plain, JSON, URL and base64", () => {
  const redact = createRedact(["secret_key_1234567890", "secret_key/of+another", userData]);
  const cases = [
    "API key secret_key_1234567890 is wrong",
    JSON.stringify({ user_data: userData }),
    `see https://example.net/?key=${encodeURIComponent("secret_key/of+another")}`,
    `header Basic ${btoa("secret_key_1234567890")}`,
    'line   content: "abcdef.0123456789abcdef" is odd',
    "token fedcba.9876543210fedcba of somebody else",
  ];
  for (const text of cases) {
    const shown = redact(text);
    assert.match(shown, /\[redacted\]/);
    assert.doesNotMatch(shown, /secret_key|0123456789abcdef|9876543210fedcba|etc\/tgp/);
  }
});

Deno.test("createRedact() keeps other words, on one line and short", () => {
  const redact = createRedact(["secret_key_1234567890", ""]);
  assert.equal(redact("Not enough\n  capacity\tto fulfill"), "Not enough capacity to fulfill");
  assert.equal(redact("x".repeat(1_000)).length, 301);
});

Deno.test("createRedact() never lets a secret through, wherever it stands", () => {
  const secret = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme-ascii" })
    .map((text) => `k${text.replace(/\s/g, "_")}y`);
  fc.assert(fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
    assert.ok(!createRedact([key])(before + key + after).includes(key));
  }));
});
