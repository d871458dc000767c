/**
 * The catalogue as REST v2 serves it.
 *
 * @module
 */

import { levelOf, openPlacements } from "./availability.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { Refusal, UnfitBody } from "./errors.ts";
import { manufacturerOf, placeholderType, type SimGpuType } from "./gpu_types.ts";
import { simCudaVersions } from "./hosts.ts";
import type { Market, Placement } from "./market.ts";
import { type Cloud, suitsCuda, type Wish, wishFor } from "./order.ts";
import { simDataCenters } from "./places.ts";
import type { Json } from "./rest_render.ts";

/** What the catalogue is read from. */
export interface RestCatalogDeps {
  readonly market: Market;
  readonly behaviour: RunpodBehaviour;
}

/** What is asked about the stock of each type; `undefined`: nothing is. */
type StockQuestion = Pick<Wish, "gpuCount" | "cloud" | "countryCodes" | "cuda"> | undefined;

/** `GET /v2/catalog/gpus`. @throws {Refusal | UnfitBody} For a broken question. */
export function listGpuTypes(query: URLSearchParams, deps: RestCatalogDeps): Json {
  const question = readStockQuestion(query);
  const types = question === undefined || question.countryCodes.length === 0
    ? deps.market.types()
    : deps.market.types().filter(({ id }) =>
      deps.market.placements(wishFor(id, question)).length > 0
    );
  const placeholder = deps.behaviour.placeholderType ? [placeholderType] : [];
  return { gpus: [...types, ...placeholder].map((type) => renderGpuType(type, question, deps)) };
}

/** `GET /v2/catalog/gpus/{id}`. @throws {Refusal | UnfitBody} */
export function getGpuType(id: string, query: URLSearchParams, deps: RestCatalogDeps): Json {
  const question = readStockQuestion(query);
  const type = deps.market.types().find((candidate) => candidate.id === id);
  if (type === undefined) throw new Refusal("notFound");
  return renderGpuType(type, question, deps);
}

/** `GET /v2/catalog/datacenters`; its filters are ignored. @throws {UnfitBody} */
export function listDataCenters(query: URLSearchParams, deps: RestCatalogDeps): Json {
  const includes = toList(query.get("include"));
  const unknown = includes.filter((word) => !/^[GC]PU_AVAILABILITY$/.test(word));
  if (unknown.length > 0) {
    throw new UnfitBody([`$.include: value must be one of the allowed values`]);
  }
  const dataCenters = [...simDataCenters.values()].filter(({ listed }) => listed);
  return {
    dataCenters: dataCenters.map((dataCenter) => {
      const gpus = deps.market.types().flatMap((type) => {
        const wish = wishFor(type.id, { dataCenterIds: [dataCenter.id] });
        const placements = deps.market.placements(wish);
        const { id, name } = type;
        return placements.length === 0
          ? []
          : [{ id, name, availability: levelOf(placements, wish) }];
      });
      return {
        id: dataCenter.id,
        name: dataCenter.name,
        region: dataCenter.region,
        globalNetwork: dataCenter.hasGlobalNetwork,
        networkVolumeTypes: dataCenter.hasStorage ? ["STANDARD"] : [],
        compliance: ["SOC_2_TYPE_2"],
        ...(includes.includes("GPU_AVAILABILITY") && gpus.length > 0 && { gpuAvailability: gpus }),
        ...invented(deps),
      };
    }),
  };
}

function renderGpuType(type: SimGpuType, question: StockQuestion, deps: RestCatalogDeps): Json {
  const { id, name, memoryGb, maxSecure, maxCommunity } = type;
  return {
    id,
    name,
    pool: null,
    manufacturer: manufacturerOf(type).toUpperCase(),
    memory: memoryGb,
    secure: maxSecure > 0,
    community: maxCommunity > 0,
    price: {
      secure: renderPrice(type.securePrice, maxSecure, deps.behaviour),
      community: renderPrice(type.communityPrice, maxCommunity, deps.behaviour),
    },
    maxCount: { secure: maxSecure, community: maxCommunity },
    ...(question !== undefined && renderStock(wishFor(id, question), deps.market)),
    ...invented(deps),
  };
}

/** REST's prices are never null: what has none costs nothing. */
function renderPrice(price: number | null, maxCount: number, behaviour: RunpodBehaviour): number {
  return maxCount > 0 || behaviour.stalePrices ? price ?? 0 : 0;
}

function renderStock(wish: Wish, market: Market): Json {
  const placements = market.placements(wish);
  const dataCenters = placements.flatMap((placement) => renderPlace(placement, wish));
  const availability = levelOf(placements, wish);
  return {
    availability,
    ...(availability !== "NONE" && dataCenters.length > 0 && { dataCenters }),
    ...renderCuda(wish, market),
  };
}

function renderPlace(placement: Placement, wish: Wish): Json[] {
  const dataCenter = simDataCenters.get(placement.place);
  if (dataCenter === undefined) return [];
  const { id, name } = dataCenter;
  return [{ id, name, availability: levelOf([placement], wish) }];
}

/** CUDA versions of the hosts, whether or not they are free. */
function renderCuda(wish: Wish, market: Market): Json {
  const unbound = { ...wish, cuda: { exactly: [], atLeast: undefined } };
  const placements = market.placements(unbound);
  const versions = simCudaVersions
    .filter((version) => suitsCuda(wish.cuda, version))
    .flatMap((version) => {
      const hosts = placements.filter(({ host }) => host.cudaVersion === version);
      const available = openPlacements(hosts, unbound).length > 0;
      return hosts.length === 0 ? [] : [{ version, available }];
    });
  return versions.length === 0 ? {} : { cudaVersions: versions };
}

/** Words that make sense only together with `include=AVAILABILITY`. */
const stockWords = ["product", "count", "cloud", "countryCodes", "cudaVersions", "minCudaVersion"];

function readStockQuestion(query: URLSearchParams): StockQuestion {
  const includes = toList(query.get("include"));
  checkWords(includes, "include", /^AVAILABILITY$/);
  const products = toList(query.get("product"));
  checkWords(products, "product", /^(POD|CLUSTER|SERVERLESS)$/);
  if (includes.length === 0) {
    const [word] = stockWords.filter((candidate) => query.has(candidate));
    if (word !== undefined) throw badRequest(`${word} is valid only with include=AVAILABILITY`);
    return undefined;
  }
  if (products.length === 0) throw badRequest("product is required with include=AVAILABILITY");
  const exactly = toList(query.get("cudaVersions"));
  const atLeast = query.get("minCudaVersion") ?? undefined;
  if (exactly.length > 0 && atLeast !== undefined) {
    throw badRequest("cudaVersions and minCudaVersion are mutually exclusive");
  }
  const countryCodes = toList(query.get("countryCodes"));
  checkWords(exactly, "cudaVersions", /^\d+\.\d+$/);
  checkWords(atLeast === undefined ? [] : [atLeast], "minCudaVersion", /^\d+(\.\d+)?$/);
  checkWords(countryCodes, "countryCodes", /^[A-Z]{2}$/);
  checkWords([query.get("count") ?? "1"], "count", /^[1-9]\d*$/);
  return {
    gpuCount: Number(query.get("count") ?? "1"),
    cloud: toCloud(query.get("cloud")),
    countryCodes,
    cuda: { exactly, atLeast },
  };
}

function toCloud(word: string | null): Cloud {
  if (word === null || word === "SECURE") return "SECURE";
  if (word === "COMMUNITY") return "COMMUNITY";
  throw new UnfitBody(["$.cloud: value must be one of 'SECURE', 'COMMUNITY'"]);
}

function toList(text: string | null): string[] {
  return text === null || text === "" ? [] : text.split(",");
}

function checkWords(words: readonly string[], name: string, pattern: RegExp): void {
  if (!words.every((word) => pattern.test(word))) {
    throw new UnfitBody([`$.${name}: '${words.join(",")}' does not match ${pattern.source}`]);
  }
}

function badRequest(detail: string): Refusal {
  return new Refusal("badRequest", { detail });
}

function invented({ behaviour }: RestCatalogDeps): Json {
  return behaviour.unknownFields ? { invented: { by: ["nobody"] } } : {};
}
