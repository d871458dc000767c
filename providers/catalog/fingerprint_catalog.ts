/**
 * Whether a catalog says something new.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Catalog } from "./catalog.ts";
import { packCatalog } from "./packed_catalog.ts";

/**
 * A word that two catalogs share exactly when they say the same, apart from when it was read. Published
 * objects are rewritten only when it changes.
 */
export function fingerprintCatalog(catalog: Catalog): string {
  const { readAt: _, pricesReadAt: _times, source, ...rest } = packCatalog(catalog);
  const said = { ...rest, source: source.state === "ok" ? source : { ...source, at: 0 } };
  return createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16);
}
