import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { findLeaks, toExposedText } from "./leaks.ts";

const secret = "specimen_Gh5/Bd8+Wz2Jn6Ty4Lk9";

Deno.test("findLeaks() sees a secret in every form, wherever it stands", () => {
  const texts: [string, string][] = [
    ["plain", `the key ${secret} is wrong`],
    ["half", `the key ${secret.slice(0, 16)}... is wrong`],
    ["half", `...${secret.slice(-16)}`],
    ["url", `?key=${encodeURIComponent(secret)}&x`],
    ["hex", Buffer.from(secret).toString("hex")],
    ...["", "x", "xy", "xyz"].flatMap((before) =>
      ["", "x", "xy"].map((after): [string, string] => [
        "base64",
        Buffer.from(before + secret + after).toString("base64"),
      ])
    ),
  ];
  for (const [shape, text] of texts) {
    assert.ok(findLeaks(text, [secret]).some((leak) => leak.shape === shape), `${shape}: ${text}`);
  }
  const packed = gzipSync(`token: ${secret}\n`).toString("base64");
  for (const text of [`content: ${packed}`, `{"data":"${packed.slice(0, -8)}`]) {
    assert.equal(findLeaks(text, [secret])[0]?.shape, "plain");
  }
  assert.deepEqual(findLeaks(`H4sI${"A".repeat(40)}`, [secret]), []);
  assert.deepEqual(findLeaks("canary of another mine, cGFyYWRpc2U=", [secret]), []);
  assert.equal(findLeaks('a \\"b\\"\\nlong line', ['"b"\nlong line'])[0]?.shape, "json");
});

Deno.test("toExposedText() goes down the causes and into hidden properties", () => {
  const inner = Object.assign(new Error("inner"), { headers: { authorization: secret } });
  assert.notDeepEqual(findLeaks(toExposedText(new Error("outer", { cause: inner })), [secret]), []);
  const hidden = new Error("x");
  Object.defineProperty(hidden, "request", { value: { key: secret }, enumerable: false });
  assert.notDeepEqual(findLeaks(toExposedText(hidden), [secret]), []);
  assert.deepEqual(findLeaks(toExposedText(new Error("fine")), [secret]), []);
  const circle: Record<string, unknown> = { secret };
  circle["self"] = circle;
  assert.notDeepEqual(findLeaks(toExposedText(circle), [secret]), []);
});
