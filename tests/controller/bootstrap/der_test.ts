import assert from "node:assert/strict";
import {
  contentOf,
  DerError,
  readElements,
  readInside,
  readObjectIdentifier,
  readText,
} from "../../../controller/bootstrap/der.ts";

const bytes = (...octets: number[]) => Uint8Array.from(octets);
const identifier = (...octets: number[]) => ({ tag: 0x06, content: bytes(...octets) });

Deno.test("readObjectIdentifier() reads arcs of any size", () => {
  assert.equal(readObjectIdentifier(identifier(0x55, 0x04, 0x03)), "2.5.4.3");
  assert.equal(readObjectIdentifier(identifier(0x2a, 0x86, 0x48)), "1.2.840");
  // ITU-T X.690, 8.19.5: the example {2 999 3}.
  assert.equal(readObjectIdentifier(identifier(0x88, 0x37, 0x03)), "2.999.3");
  assert.throws(() => readObjectIdentifier(identifier()), DerError);
  assert.throws(() => readObjectIdentifier(identifier(0x2a, 0x86)), DerError);
  assert.throws(
    () => readObjectIdentifier(identifier(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)),
    DerError,
  );
});

Deno.test("readElements() takes the one way DER has to write a length", () => {
  const long = bytes(0x04, 0x81, 0x80, ...new Array(128).fill(7));
  assert.equal(readElements(long)[0]?.content.length, 128);
  assert.deepEqual(readElements(bytes()), []);
  for (
    const bad of [
      bytes(0x30),
      bytes(0x30, 0x02, 0x01),
      bytes(0x30, 0x80),
      bytes(0x04, 0x81, 0x01, 0x07),
      bytes(0x04, 0x82, 0x00, 0x80, ...new Array(128).fill(7)),
      bytes(0x1f, 0x20, 0x00),
    ]
  ) assert.throws(() => readElements(bad), DerError, String(bad));
});

Deno.test("readInside() and contentOf() insist on the tag", () => {
  const [sequence] = readElements(bytes(0x30, 0x03, 0x02, 0x01, 0x05));
  assert.deepEqual(readInside(sequence, 0x30).map(({ tag }) => tag), [0x02]);
  assert.throws(() => readInside(sequence, 0x31), DerError);
  assert.throws(() => contentOf(undefined, 0x30), DerError);
});

Deno.test("readText() refuses text that is not what its tag says", () => {
  assert.equal(readText({ tag: 0x0c, content: bytes(0xc3, 0xab) }), "ë");
  assert.equal(readText({ tag: 0x13, content: bytes(0x61) }), "a");
  assert.throws(() => readText({ tag: 0x0c, content: bytes(0xff) }), DerError);
  assert.throws(() => readText({ tag: 0x13, content: bytes(0xc3, 0xab) }), DerError);
  assert.throws(() => readText({ tag: 0x1e, content: bytes(0x00, 0x61) }), DerError);
});
