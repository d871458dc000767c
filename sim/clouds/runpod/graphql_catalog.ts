/**
 * The catalogue as GraphQL serves it.
 *
 * @module
 */

import { z } from "zod";
import { levelOf, openPlacements, toStockStatus } from "./availability.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { manufacturerOf, placeholderType, type SimGpuType } from "./gpu_types.ts";
import { fits, type Market, type Placement } from "./market.ts";
import { type Wish, wishFor } from "./order.ts";
import { type SimDataCenter, simDataCenters } from "./places.ts";
import { lowestBidOf, spotPriceOf } from "./spot.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the catalogue is read from. */
export interface GraphqlCatalogDeps {
  readonly market: Market;
  readonly behaviour: RunpodBehaviour;
}

const stockInput = z.object({
  gpuCount: z.int().nullish(),
  secureCloud: z.boolean().nullish(),
  dataCenterId: z.string().nullish(),
  countryCode: z.string().nullish(),
  minDisk: z.int().nullish(),
  minMemoryInGb: z.int().nullish(),
  minVcpuCount: z.int().nullish(),
}).nullish();

/** Arguments of a field. */
interface Arguments {
  readonly input?: unknown;
}

const typeFilter = z.object({
  id: z.string().nullish(),
  ids: z.array(z.string()).nullish(),
}).nullish();

/** `gpuTypes`. */
export function findGpuTypes({ input }: Arguments, deps: GraphqlCatalogDeps): Fields[] {
  const filter = typeFilter.parse(input);
  const placeholder = deps.behaviour.placeholderType ? [placeholderType] : [];
  return [...deps.market.types(), ...placeholder]
    .filter(({ id }) => !filter?.id || filter.id === id)
    .filter(({ id }) => !filter?.ids || filter.ids.includes(id))
    .map((type) => renderType(type, deps));
}

/** `dataCenters`. */
export function findDataCenters(deps: GraphqlCatalogDeps): Fields[] {
  return [...simDataCenters.values()].map((dataCenter) => ({
    id: dataCenter.id,
    name: dataCenter.id,
    location: dataCenter.location,
    listed: dataCenter.listed,
    storageSupport: dataCenter.hasStorage,
    gpuAvailability: ({ input }: Arguments) => findAvailability(dataCenter, input, deps),
  }));
}

/** `countryCodes`. */
export function findCountryCodes({ market, behaviour }: GraphqlCatalogDeps): (string | null)[] {
  const [first, ...others] = market.countries();
  if (!behaviour.nullCountry) return market.countries();
  return [...(first === undefined ? [] : [first]), null, ...others];
}

function renderType(type: SimGpuType, deps: GraphqlCatalogDeps): Fields {
  const { maxSecure, maxCommunity } = type;
  const showsStale = deps.behaviour.stalePrices;
  const securePrice = maxSecure > 0 || showsStale ? type.securePrice : null;
  const communityPrice = maxCommunity > 0 || showsStale ? type.communityPrice : null;
  const spot = deps.behaviour.sellsSpot;
  return {
    id: type.id,
    displayName: type.name,
    manufacturer: manufacturerOf(type),
    memoryInGb: type.memoryGb,
    secureCloud: maxSecure > 0,
    communityCloud: maxCommunity > 0,
    securePrice,
    communityPrice,
    secureSpotPrice: spot && maxSecure > 0 ? spotPriceOf("SECURE", securePrice) : null,
    communitySpotPrice: spot && maxCommunity > 0 ? spotPriceOf("COMMUNITY", communityPrice) : null,
    maxGpuCount: Math.max(maxSecure, maxCommunity),
    maxGpuCountSecureCloud: maxSecure,
    maxGpuCountCommunityCloud: maxCommunity,
    lowestPrice: ({ input }: Arguments) => findLowestPrice(type, input, deps),
  };
}

function findLowestPrice(type: SimGpuType, input: unknown, deps: GraphqlCatalogDeps): Fields {
  const { market, behaviour } = deps;
  const wish = toWish(type.id, input);
  const placements = market.placements(wish);
  const open = openPlacements(placements, wish);
  const [cheapest] = open;
  const status = toStockStatus(levelOf(placements, wish), behaviour.noStockWord);
  if (cheapest === undefined) return { stockStatus: status };
  const largest = Math.max(...open.map(({ free, maxCount }) => Math.min(free, maxCount)));
  const free = open.reduce((sum, placement) => sum + placement.free, 0);
  // What others have rented is invented.
  const rentedCount = 12 * open.length;
  return {
    stockStatus: status,
    uninterruptablePrice: cheapest.pricePerGpu / 1_000_000,
    minimumBidPrice: behaviour.sellsSpot ? findLowestBid(open) : null,
    minVcpu: wish.gpuCount * Math.min(...open.map(({ host }) => host.vcpuPerGpu)),
    minMemory: wish.gpuCount * Math.min(...open.map(({ host }) => host.memoryPerGpuGb)),
    maxUnreservedGpuCount: largest,
    availableGpuCounts: Array.from({ length: largest }, (_, index) => index + 1),
    rentedCount,
    totalCount: free + rentedCount,
  };
}

function findLowestBid(open: readonly Placement[]): number | null {
  const bids = open.flatMap(({ cloud, type }) =>
    lowestBidOf(cloud, cloud === "SECURE" ? type.securePrice : type.communityPrice) ?? []
  );
  return bids.length === 0 ? null : Math.min(...bids);
}

function findAvailability(
  { id: dataCenterId }: SimDataCenter,
  input: unknown,
  { market, behaviour }: GraphqlCatalogDeps,
): Fields[] {
  return market.types().flatMap((type) => {
    const wish = { ...toWish(type.id, input), dataCenterIds: [dataCenterId] };
    const placements = market.placements(wish);
    if (placements.length === 0) return [];
    const available = placements.some((placement) => fits(placement, wish) > 0);
    return [{
      id: `${type.id}-${dataCenterId}`,
      gpuTypeId: type.id,
      displayName: type.name,
      available: behaviour.tellsAvailable ? available : null,
      stockStatus: toStockStatus(levelOf(placements, wish), behaviour.noStockWord),
    }];
  });
}

function toWish(gpuTypeId: string, input: unknown): Wish {
  const fields = stockInput.parse(input) ?? {};
  const { secureCloud, dataCenterId, countryCode } = fields;
  return wishFor(gpuTypeId, {
    gpuCount: fields.gpuCount ?? 1,
    cloud: secureCloud === undefined || secureCloud === null
      ? undefined
      : secureCloud
      ? "SECURE"
      : "COMMUNITY",
    dataCenterIds: dataCenterId ? dataCenterId.split(",") : [],
    countryCodes: countryCode ? [countryCode] : [],
    minDiskGb: fields.minDisk ?? 0,
    minMemoryGb: fields.minMemoryInGb ?? 0,
    minVcpuCount: fields.minVcpuCount ?? 0,
  });
}
