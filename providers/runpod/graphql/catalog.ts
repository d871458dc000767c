/**
 * What there is to buy, as GraphQL shows it.
 *
 * SECURE takes one question: prices, and stock by data center for every size of pod. COMMUNITY takes one
 * for prices and countries, and one for the stock of each six countries.
 *
 * @module
 */

import { usdFromDollars } from "../../../schemas/money.ts";
import {
  meansStock,
  offeredCounts,
  placeholderGpuId,
  type RunpodCloud,
  type RunpodGpu,
  type RunpodStock,
} from "../api.ts";
import { isCountry, toRunpodPlace } from "../regions.ts";
import { stockSchema, type WireCatalog, type WireCountryStock } from "./wire.ts";

/** Slots for countries in the document `CountryStock`. */
export const countrySlots = Object.freeze(["a", "b", "c", "d", "e", "f"] as const);

/** The variables of `CountryStock`: a country for each slot. */
export type CountrySlots = Record<(typeof countrySlots)[number], string>;

type WireGpuType = NonNullable<WireCatalog["gpuTypes"][number]>;

/** The GPU types that are sold on a cloud. A price on a cloud that does not sell the type is stale. */
export function toGpus({ gpuTypes }: WireCatalog, cloud: RunpodCloud): readonly RunpodGpu[] {
  return gpuTypes.flatMap((type): RunpodGpu[] => {
    if (type?.id === undefined || type.id === placeholderGpuId) return [];
    const [sold, price, maxCount] = cloud === "SECURE"
      ? [type.secureCloud, type.securePrice, type.maxGpuCountSecureCloud]
      : [type.communityCloud, type.communityPrice, type.maxGpuCountCommunityCloud];
    // A type without a price cannot be offered: nobody could say what it costs.
    if (!sold || price === undefined) return [];
    return [{
      id: type.id,
      manufacturer: type.manufacturer ?? "",
      memoryGb: type.memoryInGb ?? 0,
      pricePerGpu: usdFromDollars(price),
      maxCount: maxCount ?? type.maxGpuCount ?? 1,
    }];
  });
}

/**
 * Stock on SECURE, by data center. Ones that are not listed are not for sale. A type without stock is
 * left out: GraphQL says the same of what is sold out there and of what was never there.
 */
export function toDataCenterStock(catalog: WireCatalog): readonly RunpodStock[] {
  const types = new Map(catalog.gpuTypes.map((type) => [type?.id, type]));
  return catalog.dataCenters.flatMap((dataCenter) => {
    const { id, listed } = dataCenter;
    if (id === undefined || listed === false) return [];
    return offeredCounts.flatMap((count) =>
      dataCenter[`x${count}`].flatMap(({ gpuTypeId, available, stockStatus }): RunpodStock[] => {
        if (gpuTypeId === undefined || !(available || meansStock(stockStatus))) return [];
        return [{
          gpuId: gpuTypeId,
          count,
          place: toRunpodPlace(id),
          available: true,
          word: stockStatus,
          least: toLeast(types.get(gpuTypeId)?.[`x${count}`]),
        }];
      })
    );
  });
}

/** Countries to ask for: the wanted ones, or all there are. Data centers are places of SECURE. */
export function selectCountries(
  { countryCodes }: WireCatalog,
  places: readonly string[] | undefined,
): readonly string[] {
  return [...new Set((places ?? countryCodes).map(toRunpodPlace))].filter(isCountry).sort();
}

/** Countries as variables of `CountryStock`, six at a time; the last one fills free slots. */
export function toCountrySlots(countries: readonly string[]): readonly CountrySlots[] {
  const batches: CountrySlots[] = [];
  for (let start = 0; start < countries.length; start += countrySlots.length) {
    const at = (index: number) => countries[Math.min(start + index, countries.length - 1)] ?? "";
    batches.push({ a: at(0), b: at(1), c: at(2), d: at(3), e: at(4), f: at(5) });
  }
  return batches;
}

/** Stock on COMMUNITY, by country; without stock left out, for the same reason. */
export function toCountryStock(
  { gpuTypes }: WireCountryStock,
  slots: CountrySlots,
): readonly RunpodStock[] {
  const bySlot = new Map(countrySlots.map((slot) => [slots[slot], slot]));
  return gpuTypes.flatMap((type) => {
    if (type?.id === undefined) return [];
    const { id } = type;
    return [...bySlot].flatMap(([place, slot]) =>
      offeredCounts.flatMap((count): RunpodStock[] => {
        const stock = stockSchema.parse(type[`${slot}${count}`]);
        const word = stock?.stockStatus;
        if (!meansStock(word)) return [];
        return [{ gpuId: id, count, place, available: true, word, least: toLeast(stock) }];
      })
    );
  });
}

/** What a pod has at least. Zero is how nothing is said, too. */
function toLeast(stock: WireGpuType["x1"]): RunpodStock["least"] {
  const { minVcpu, minMemory } = stock ?? {};
  return minVcpu && minMemory ? { vcpus: minVcpu, memoryGb: minMemory } : undefined;
}
