/**
 * Catalogs as ConfigMaps: gzip, in as many parts as fit.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { Catalog } from "./catalog.ts";
import { catalogFormat, catalogSchema } from "./catalog_schema.ts";
import { packCatalog } from "./packed_catalog.ts";

/** One ConfigMap's worth: what goes into its `metadata.name`, `data` and `binaryData`. */
export interface CatalogShard {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  /** Base64 by key. */
  readonly binaryData: Readonly<Record<string, string>>;
}

/** Thrown when shards are not a catalog. */
export class CatalogDecodeError extends Error {
  override name = "CatalogDecodeError";
}

/** Key of the compressed part in `binaryData`. */
export const catalogKey = "catalog.json.gz";

/**
 * Compressed bytes per shard: in base64 with the object round it, below the 1 MiB that Kubernetes
 * allows a ConfigMap.
 */
const maxShardBytes = 700 * 1024;

/** No catalog is anywhere near this; more is not a catalog. */
const maxCatalogBytes = 64 * 1024 * 1024;

/**
 * Name of a catalog's ConfigMap. Names of classes and accounts hold no dots, so that no two catalogs
 * share one: with a dash, class `a-b` with account `c` would be class `a` with account `b-c`.
 *
 * @param part The first has no number. @default {1}
 */
export function toCatalogName(nodeClass: string, account: string, part = 1): string {
  const name = `tgp-offers-${nodeClass}.${account}`;
  return part === 1 ? name : `${name}.${part}`;
}

/** What {@linkcode toCatalogName} made a name from; `undefined` for names of other things. */
export function parseCatalogName(
  name: string,
): { readonly nodeClass: string; readonly account: string; readonly part: number } | undefined {
  const [, nodeClass, account, part = "1"] =
    /^tgp-offers-([^.]+)\.([^.]+)(?:\.([1-9][0-9]*))?$/.exec(name) ?? [];
  if (nodeClass === undefined || account === undefined) return undefined;
  return { nodeClass, account, part: Number(part) };
}

/**
 * The ConfigMaps of a catalog: at least one. The same offers in any order give the same bytes.
 *
 * @param shardBytes Compressed bytes per shard. @default {716800}
 */
export function encodeCatalog(
  catalog: Catalog,
  shardBytes: number = maxShardBytes,
): CatalogShard[] {
  const bytes = gzipSync(JSON.stringify({ format: catalogFormat, ...packCatalog(catalog) }));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const parts = Math.max(1, Math.ceil(bytes.length / shardBytes));
  return Array.from({ length: parts }, (_, index) => ({
    name: toCatalogName(catalog.nodeClass, catalog.account, index + 1),
    data: { part: String(index + 1), parts: String(parts), digest },
    binaryData: {
      [catalogKey]: bytes.subarray(index * shardBytes, (index + 1) * shardBytes).toString("base64"),
    },
  }));
}

/**
 * The catalog in its ConfigMaps, given in any order.
 *
 * @throws {CatalogDecodeError} Naming the ConfigMap and what is wrong with it.
 */
export function decodeCatalog(
  shards: readonly Pick<CatalogShard, "name" | "data" | "binaryData">[],
): Catalog {
  const bytes = joinParts(shards.map(readPart).sort((left, right) => left.part - right.part));
  const name = shards[0]?.name ?? "";
  let json: unknown;
  try {
    json = JSON.parse(gunzipSync(bytes, { maxOutputLength: maxCatalogBytes }).toString("utf8"));
  } catch (error) {
    throw new CatalogDecodeError(`Cannot read offers in ConfigMap "${name}": not gzip of JSON`, {
      cause: error,
    });
  }
  const parsed = catalogSchema.safeParse(json);
  if (!parsed.success) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${name}": ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

interface Part {
  readonly name: string;
  readonly part: number;
  readonly parts: number;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

function readPart(shard: Pick<CatalogShard, "name" | "data" | "binaryData">): Part {
  const { name, data, binaryData } = shard;
  const part = Number(data["part"]);
  const parts = Number(data["parts"]);
  const digest = data["digest"];
  if (!(Number.isInteger(part) && part >= 1 && part <= parts) || digest === undefined) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${name}": data.part, data.parts and data.digest are not what a catalog has`,
    );
  }
  const base64 = binaryData[catalogKey];
  if (base64 === undefined || !z.base64().safeParse(base64).success) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${name}": binaryData["${catalogKey}"] is missing or not base64`,
    );
  }
  return { name, part, parts, digest, bytes: Buffer.from(base64, "base64") };
}

/**
 * Parts are rewritten one by one, so a reader may meet some of the old and some of the new. What lies
 * behind the last part is left over from a longer catalog.
 */
function joinParts(found: readonly Part[]): Uint8Array {
  const [first] = found;
  if (first === undefined) throw new CatalogDecodeError("Cannot read offers: no ConfigMap given");
  const parts = first.part === 1 ? found.filter(({ part }) => part <= first.parts) : found;
  if (parts.some((part) => part.digest !== first.digest)) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${first.name}": its parts are of different readings; read them again`,
    );
  }
  if (parts.length !== first.parts || parts.some((part, index) => part.part !== index + 1)) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${first.name}": ${parts.length} of ${first.parts} parts are there`,
    );
  }
  const bytes = Buffer.concat(parts.map((part) => part.bytes));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  if (digest !== first.digest) {
    throw new CatalogDecodeError(
      `Cannot read offers in ConfigMap "${first.name}": its contents do not match its digest`,
    );
  }
  return bytes;
}
