import assert from "node:assert/strict";
import fc from "fast-check";
import { ApiError } from "../../../../sim/api_server/api_error.ts";
import { decodeProtobuf } from "../../../../sim/api_server/wire/decode_protobuf.ts";

const text = new TextEncoder();

/** A field with bytes. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  return Uint8Array.of((number << 3) | 2, bytes.byteLength, ...bytes);
}

function varint(number: number, value: number): Uint8Array {
  return Uint8Array.of(number << 3, value);
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(fields.flatMap((one) => [...one]));
}

function envelope(apiVersion: string, kind: string, object: Uint8Array): Uint8Array {
  const typeMeta = message(field(1, apiVersion), field(2, kind));
  return message(
    text.encode("k8s\0"),
    field(1, typeMeta),
    field(2, object),
    field(4, "application/json"),
  );
}

Deno.test("decodeProtobuf() reads a Secret as kubectl sends it", () => {
  // What Go writes for fields that are no pointers, although they hold nothing.
  const metadata = message(field(1, "s"), field(2, ""), field(3, ""), varint(7, 0), field(8, ""));
  const entry = message(field(1, "api-key"), field(2, "abc"));
  const secret = message(field(1, metadata), field(2, entry), field(3, "Opaque"));
  assert.deepEqual(decodeProtobuf(envelope("v1", "Secret", secret)), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: { "api-key": "YWJj" },
    type: "Opaque",
  });
});

Deno.test("decodeProtobuf() inlines, and keeps zeros that are meant", () => {
  const volume = message(field(1, "v"), field(2, field(6, field(1, "mounted"))));
  const podSpec = message(field(1, volume), varint(4, 0));
  const pod = message(field(1, field(1, "p")), field(2, podSpec));
  assert.deepEqual(decodeProtobuf(envelope("v1", "Pod", pod)), {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: {
      volumes: [{ name: "v", secret: { secretName: "mounted" } }],
      terminationGracePeriodSeconds: 0,
    },
  });
});

Deno.test("decodeProtobuf() refuses what it does not know", () => {
  const refused = (body: Uint8Array) => {
    assert.throws(
      () => decodeProtobuf(body),
      (error) => error instanceof ApiError && error.code === 400,
    );
  };
  refused(text.encode("{}"));
  refused(envelope("example.com/v1", "Widget", new Uint8Array()));
  refused(envelope("v1", "Secret", Uint8Array.of(0x0a, 0x50)));
});

Deno.test("decodeProtobuf() answers any bytes with an object or a refusal", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    try {
      decodeProtobuf(envelope("v1", "Pod", bytes));
    } catch (error) {
      assert.ok(error instanceof ApiError || error instanceof SyntaxError, String(error));
    }
  }));
});
