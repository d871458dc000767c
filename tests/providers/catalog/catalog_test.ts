import assert from "node:assert/strict";
import { computeCatalogAgeMs } from "../../../providers/catalog/catalog.ts";

Deno.test("computeCatalogAgeMs() counts from the reading; never read is infinitely old", () => {
  assert.equal(computeCatalogAgeMs({ readAt: 1_000 }, 61_000), 60_000);
  assert.equal(computeCatalogAgeMs({ readAt: 2_000 }, 1_000), 0);
  assert.equal(computeCatalogAgeMs({ readAt: undefined }, 1_000), Infinity);
});
