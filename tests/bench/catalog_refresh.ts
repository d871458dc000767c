/**
 * Our own time for a refresh of three clouds: gating prices, merging, encoding for publication and the
 * fingerprint that says whether to publish. The network and the vendors' parsing are measured elsewhere.
 *
 * The first pass of a process is printed beside the median of further ones; the controller repeats it
 * every minute for weeks.
 *
 * Run: `deno run tests/bench/catalog_refresh.ts`
 *
 * @module
 */

import type { Catalog } from "../../providers/catalog/catalog.ts";
import { encodeCatalog } from "../../providers/catalog/codec.ts";
import { fingerprintCatalog } from "../../providers/catalog/fingerprint_catalog.ts";
import { gatePrices } from "../../providers/catalog/gate_prices.ts";
import { mergeOffers } from "../../providers/catalog/merge_offers.ts";
import type { Offer } from "../../providers/contract.ts";
import { buildCloudOffers } from "./catalog_offers.ts";
import { type Measurement, medianOf, report } from "./report.ts";

/** Kubernetes' limit for one object. */
const maxObjectBytes = 1024 * 1024;

interface Refresh {
  readonly ms: number;
  readonly largestBytes: number;
  readonly objects: number;
}

/** Account by account, as the controller does it; then the one list that people see. */
function refresh(before: ReadonlyMap<string, readonly Offer[]>, readAt: number): Refresh {
  const read = [...before].map(([account, offers]) =>
    [account, offers.map((offer) => ({ ...offer, price: { ...offer.price, readAt } }))] as const
  );
  const startMs = performance.now();
  const gated = new Map(before);
  const shards = read.flatMap(([account, next]) => {
    const others = [...gated].flatMap(([name, offers]) => name === account ? [] : offers);
    const offers = gatePrices(before.get(account) ?? [], next, others);
    gated.set(account, offers);
    const source = { state: "ok" } as const;
    const catalog: Catalog = {
      nodeClass: "default",
      account,
      provider: account,
      readAt,
      source,
      offers,
    };
    fingerprintCatalog(catalog);
    return encodeCatalog(catalog);
  });
  const merged = mergeOffers(gated.values());
  const ms = performance.now() - startMs;
  if (merged.length !== read.reduce((sum, [, { length }]) => sum + length, 0)) {
    throw new Error("Offers were lost");
  }
  return {
    ms,
    largestBytes: Math.max(...shards.map((shard) => JSON.stringify(shard).length)),
    objects: shards.length,
  };
}

function measure(sizes: Readonly<Record<string, number>>, limitMs: number): Measurement[] {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const offers = new Map(
    Object.entries(sizes).map(([account, size]) => [account, buildCloudOffers(account, size, 1)]),
  );
  const [first, ...further] = Array.from({ length: 8 }, (_, pass) => refresh(offers, pass + 2));
  if (first === undefined) throw new Error("Nothing was measured");
  return [
    {
      what: `refresh of ${total} offers`,
      measured: medianOf(further.map(({ ms }) => ms)),
      limit: limitMs,
      unit: "ms",
      note: `first pass ${first.ms.toFixed(1)} ms`,
    },
    {
      what: `largest object of ${total} offers`,
      measured: first.largestBytes,
      limit: maxObjectBytes,
      unit: "bytes",
      note: `${first.objects} objects`,
    },
  ];
}

if (import.meta.main) {
  report("catalog_refresh", [
    ...measure({ lambda: 100, paperspace: 100, runpod: 400 }, 50),
    ...measure({ lambda: 500, paperspace: 500, runpod: 19_000 }, 1_000),
  ]);
}
