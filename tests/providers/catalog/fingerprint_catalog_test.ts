import assert from "node:assert/strict";
import { fingerprintCatalog } from "../../../providers/catalog/fingerprint_catalog.ts";
import { createCatalog, createOffer } from "./builders.ts";

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
    createCatalog({ offers: [{ ...createOffer(), available: false }] }),
    createCatalog({ offers: [{ ...createOffer(), stock: "LOW" }] }),
    createCatalog({ source: { ...failed, at: 1 } }),
  ];
  const words = [catalog, ...others].map(fingerprintCatalog);
  assert.equal(new Set(words).size, words.length);
  assert.equal(
    fingerprintCatalog(createCatalog({ source: { ...failed, at: 1 } })),
    fingerprintCatalog(createCatalog({ source: { ...failed, at: 2 } })),
  );
});

Deno.test("fingerprintCatalog() does not depend on the order of offers, nor on which was read when", () => {
  const offers = ["a", "b"].map((instanceType) => createOffer({ instanceType }));
  const [one, other] = offers;
  assert.ok(one && other);
  const later = { ...other, price: { ...other.price, readAt: 5_000 } };
  const word = fingerprintCatalog(createCatalog({ offers }));
  assert.equal(fingerprintCatalog(createCatalog({ offers: [later, one] })), word);
});
