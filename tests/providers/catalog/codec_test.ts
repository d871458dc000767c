import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  CatalogDecodeError,
  catalogKey,
  type CatalogShard,
  decodeCatalog,
  encodeCatalog,
  toCatalogName,
} from "../../../providers/catalog/codec.ts";
import { createCatalog, createOffer, offerArbitrary } from "./builders.ts";

Deno.test("a catalog comes back as it was, from shards in any order", () => {
  fc.assert(
    fc.property(
      fc.array(offerArbitrary, { maxLength: 15 }),
      fc.option(fc.integer({ min: 0, max: 1e13 }), { nil: undefined }),
      fc.integer({ min: 50, max: 2_000 }),
      (offers, readAt, shardBytes) => {
        const catalog = createCatalog({ offers, readAt });
        const shards = encodeCatalog(catalog, shardBytes);
        assert.deepEqual(decodeCatalog([...shards].reverse()), catalog);
        assert.deepEqual(encodeCatalog(catalog, shardBytes), shards);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("a failed source comes back, too", () => {
  const catalog = createCatalog({
    source: { state: "failed", kind: "unauthorized", message: "wrong key", at: 5 },
  });
  assert.deepEqual(decodeCatalog(encodeCatalog(catalog)), catalog);
});

Deno.test("shards are named for class and account and stay below what Kubernetes allows", () => {
  // Incompressible labels make a catalog that needs several.
  const offers = Array.from({ length: 3_000 }, (_, index) => ({
    ...createOffer({ instanceType: `type-${index}` }),
    stock: Buffer.from(crypto.getRandomValues(new Uint8Array(400))).toString("base64"),
  }));
  const shards = encodeCatalog(createCatalog({ offers }));
  const names = shards.map((shard) => shard.name);
  assert.ok(shards.length > 1);
  assert.deepEqual(names.slice(0, 2), ["tgp-offers-default-lambda", "tgp-offers-default-lambda.2"]);
  for (const shard of shards) assert.ok(JSON.stringify(shard).length < 1024 * 1024);
  assert.equal(decodeCatalog(shards).offers.length, 3_000);
  assert.equal(toCatalogName("c", "a"), "tgp-offers-c-a");
});

Deno.test("what is not a catalog is refused, naming the ConfigMap and the fault", () => {
  const many = encodeCatalog(createCatalog(), 100);
  const others = encodeCatalog(createCatalog({ offers: [] }), 100);
  const [first] = encodeCatalog(createCatalog());
  assert.ok(first && many.length > 2);
  const cases: [string, readonly Pick<CatalogShard, "name" | "data" | "binaryData">[], RegExp][] = [
    ["nothing", [], /no ConfigMap given/],
    ["a missing part", many.slice(1), /parts are there/],
    ["a part twice", [...many.slice(0, -1), ...many.slice(0, 1)], /parts are there/],
    ["parts of two readings", [...others.slice(0, 1), ...many.slice(1)], /different readings/],
    ["no data", [{ ...first, data: {} }], /data\.part/],
    ["odd part", [{ ...first, data: { ...first.data, part: "9" } }], /data\.part/],
    ["no binary data", [{ ...first, binaryData: {} }], /missing or not base64/],
    ["not base64", [{ ...first, binaryData: { [catalogKey]: "%%%" } }], /missing or not base64/],
    [
      "other bytes",
      [{ ...first, binaryData: { [catalogKey]: gzipSync("{}").toString("base64") } }],
      /do not match its digest/,
    ],
  ];
  for (const [what, shards, expected] of cases) {
    assert.throws(() => decodeCatalog(shards), (error) => {
      assert.ok(error instanceof CatalogDecodeError, what);
      assert.match(error.message, /^Cannot read offers/);
      assert.match(error.message, expected, what);
      return true;
    });
  }
});

Deno.test("well-packed nonsense is refused, naming the field", () => {
  const nonsense: [unknown, RegExp][] = [
    [{ ...createCatalog(), offers: [{ id: 1 }] }, /offers/],
    [{ ...createCatalog(), source: { state: "odd" } }, /source/],
    [{ ...createCatalog(), readAt: "yesterday" }, /readAt/],
  ];
  for (const [catalog, expected] of nonsense) {
    const shards = encodeCatalog(catalog as ReturnType<typeof createCatalog>);
    assert.throws(() => decodeCatalog(shards), expected);
  }
});

Deno.test("another version of the format is refused instead of guessed at", () => {
  const bytes = gzipSync(JSON.stringify({ ...createCatalog(), format: 2 }));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const shard = {
    name: "tgp-offers-default-lambda",
    data: { part: "1", parts: "1", digest },
    binaryData: { [catalogKey]: bytes.toString("base64") },
  };
  assert.throws(() => decodeCatalog([shard]), /format/);
});
