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
  parseCatalogName,
  toCatalogName,
} from "../../../providers/catalog/codec.ts";
import { packCatalog } from "../../../providers/catalog/packed_catalog.ts";
import type { Catalog } from "../../../providers/catalog/catalog.ts";
import { buildCloudOffers } from "../../bench/catalog_offers.ts";
import { createCatalog, createOffer, richOffersArbitrary } from "./builders.ts";

/** By id: what is stored is sorted. */
function sort({ offers, ...rest }: Catalog): Catalog {
  return { ...rest, offers: offers.toSorted((one, other) => one.id < other.id ? -1 : 1) };
}

Deno.test("a catalog comes back as it was, from shards in any order", () => {
  fc.assert(
    fc.property(
      richOffersArbitrary,
      fc.option(fc.integer({ min: 0, max: 1e13 }), { nil: undefined }),
      fc.integer({ min: 50, max: 2_000 }),
      (offers, readAt, shardBytes) => {
        const catalog = createCatalog({ offers, readAt });
        const shards = encodeCatalog(catalog, shardBytes);
        assert.deepEqual(sort(decodeCatalog([...shards].reverse())), sort(catalog));
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("the same offers in any order give the same bytes", () => {
  fc.assert(fc.property(richOffersArbitrary, (offers) => {
    const shards = encodeCatalog(createCatalog({ offers }));
    assert.deepEqual(encodeCatalog(createCatalog({ offers: offers.toReversed() })), shards);
  }));
});

Deno.test("20,000 offers fit into one object with room to spare, and so do 600", () => {
  for (const [count, limit] of [[600, 40_000], [20_000, 512 * 1024]] as const) {
    const offers = buildCloudOffers("runpod", count, 1_000);
    const catalog = createCatalog({ account: "runpod", provider: "runpod", offers });
    const shards = encodeCatalog(catalog);
    assert.equal(shards.length, 1);
    const bytes = JSON.stringify(shards[0]).length;
    assert.ok(bytes < limit, `${count} offers take ${bytes} bytes`);
    assert.equal(decodeCatalog(shards).offers.length, count);
  }
});

Deno.test("catalogs of the first format are still read", () => {
  fc.assert(fc.property(richOffersArbitrary, (offers) => {
    const catalog = createCatalog({ offers });
    assert.deepEqual(decodeCatalog([pack({ ...catalog, format: 1 })]), catalog);
  }));
});

Deno.test("rows that refer to what is not there are refused", () => {
  const packed = packCatalog(createCatalog());
  for (const row of [["of-a", 1, 0, 0, 0], ["of-a", 0, 0, 0, 7]]) {
    assert.throws(
      () => decodeCatalog([pack({ ...packed, offers: [row], format: 2 })]),
      /offers\[0\] refers to what is not there/,
    );
  }
  assert.throws(
    () => decodeCatalog([pack({ ...packed, pricesReadAt: [], format: 2 })]),
    CatalogDecodeError,
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
  assert.deepEqual(names.slice(0, 2), ["tgp-offers-default.lambda", "tgp-offers-default.lambda.2"]);
  for (const shard of shards) assert.ok(JSON.stringify(shard).length < 1024 * 1024);
  assert.equal(decodeCatalog(shards).offers.length, 3_000);
  assert.equal(toCatalogName("c", "a"), "tgp-offers-c.a");
});

Deno.test("no two catalogs share a name, and every name tells whose it is", () => {
  assert.notEqual(toCatalogName("a-b", "c"), toCatalogName("a", "b-c"));
  const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,5}[a-z0-9])?$/);
  fc.assert(
    fc.property(label, label, fc.integer({ min: 1, max: 40 }), (nodeClass, account, part) => {
      assert.deepEqual(parseCatalogName(toCatalogName(nodeClass, account, part)), {
        nodeClass,
        account,
        part,
      });
    }),
  );
  for (const name of ["tgp-offers-default-lambda", "tgp-stock-a.b", "tgp-offers-a.b.x"]) {
    assert.equal(parseCatalogName(name), undefined);
  }
});

Deno.test("parts that a longer catalog has left behind do not count", () => {
  const long = encodeCatalog(createCatalog(), 100);
  const short = encodeCatalog(createCatalog({ offers: [] }));
  assert.ok(long.length > 2 && short.length === 1);
  assert.deepEqual(decodeCatalog([...short, ...long.slice(1)]).offers, []);
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
  const packed = packCatalog(createCatalog());
  const nonsense: [unknown, RegExp][] = [
    [{ ...createCatalog(), format: 1, offers: [{ id: 1 }] }, /offers\[0\]\.id/],
    [{ ...packed, format: 2, machines: [{ arch: "sparc" }] }, /machines\[0\]\.arch/],
    [{ ...packed, format: 2, offers: [["of-a"]] }, /offers\[0\]/],
    [{ ...packed, format: 2, source: { state: "odd" } }, /source/],
    [{ ...packed, format: 2, readAt: "yesterday" }, /readAt/],
    [{ ...packed, format: 3 }, /format/],
    [{ ...packed }, /format/],
    [[], /expected object/],
  ];
  for (const [stored, expected] of nonsense) {
    assert.throws(() => decodeCatalog([pack(stored)]), (error) => {
      assert.ok(error instanceof CatalogDecodeError);
      assert.match(error.message, expected);
      return true;
    });
  }
});

/** One ConfigMap with this in it. */
function pack(stored: unknown): CatalogShard {
  const bytes = gzipSync(JSON.stringify(stored));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return {
    name: "tgp-offers-default.lambda",
    data: { part: "1", parts: "1", digest },
    binaryData: { [catalogKey]: bytes.toString("base64") },
  };
}
