import assert from "node:assert/strict";
import { computeCatalogAgeMs, fingerprintCatalog } from "../../../providers/catalog/catalog.ts";
import { createCatalog, createOffer } from "./builders.ts";

Deno.test("computeCatalogAgeMs() counts from the reading; never read is infinitely old", () => {
  assert.equal(computeCatalogAgeMs({ readAt: 1_000 }, 61_000), 60_000);
  assert.equal(computeCatalogAgeMs({ readAt: 2_000 }, 1_000), 0);
  assert.equal(computeCatalogAgeMs({ readAt: undefined }, 1_000), Infinity);
});

Deno.test("fingerprintCatalog() changes with what is said, not with when it was read", () => {
  const catalog = createCatalog();
  const same = createCatalog({ readAt: 9_000, offers: [createOffer({ readAt: 9_000 })] });
  assert.equal(fingerprintCatalog(same), fingerprintCatalog(catalog));
  const failed = { state: "failed", kind: "transient", message: "no network" } as const;
  const others = [
    createCatalog({ offers: [] }),
    createCatalog({ offers: [createOffer({ perHour: "4.30" })] }),
    createCatalog({ nodeClass: "other" }),
    createCatalog({ account: "second" }),
    createCatalog({ source: { ...failed, at: 1 } }),
  ];
  const words = [catalog, ...others].map(fingerprintCatalog);
  assert.equal(new Set(words).size, words.length);
  assert.equal(
    fingerprintCatalog(createCatalog({ source: { ...failed, at: 1 } })),
    fingerprintCatalog(createCatalog({ source: { ...failed, at: 2 } })),
  );
});
