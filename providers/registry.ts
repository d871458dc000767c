/**
 * Every cloud there is. Adding one adds a line.
 *
 * @module
 */

import type { ProviderEntry } from "../schemas/node_class.ts";
import { checkApiKey } from "./api_key.ts";
import { withOwnPrices } from "./catalog/own_prices.ts";
import type { Provider, ProviderInfo } from "./contract.ts";
import { ProviderError } from "./errors.ts";
import { lambdaInfo } from "./lambda/facts.ts";
import { toLocation as toLambdaLocation } from "./lambda/map.ts";
import { createLambdaProvider } from "./lambda/mod.ts";
import { lambdaRegionCountries } from "./lambda/regions.ts";
import { paperspaceInfo } from "./paperspace/facts.ts";
import { createPaperspaceProvider } from "./paperspace/mod.ts";
import {
  regionCodes as paperspaceRegionCodes,
  toLocation as toPaperspaceLocation,
} from "./paperspace/regions.ts";
import type { LabelledLocation } from "./offers/build_offer.ts";
import type { ProviderDeps } from "./provider_deps.ts";
import { toInfo as toRunpodInfo } from "./runpod/facts.ts";
import { createRunpodProvider } from "./runpod/mod.ts";
import {
  runpodCountries,
  runpodDataCenterCountries,
  toLocation as toRunpodLocation,
} from "./runpod/regions.ts";

/** What is known about a cloud before any account of it. */
interface Registration<Name extends string> {
  readonly name: Name;
  /** Other spellings that are read. */
  readonly aliases: readonly string[];
  /** Environment variable with an API key, for use without a cluster. */
  readonly apiKeyVariable: string;
  /** Environment variable that replaces the vendor's scheme and host. */
  readonly urlVariable: string;
  /** Whether an entry of a GPUNodeClass needs the block of the cloud's own name. */
  readonly blockRequired: boolean;
  /** What stands in for that block where nothing is launched. */
  readonly blockToRead: Partial<ProviderEntry>;
  /** What holds for every account. */
  readonly info: Pick<
    ProviderInfo,
    "displayName" | "joinsAs" | "userDataFormat" | "maxUserDataBytes"
  >;
  /** Codes of the places that an entry can name, as far as they are known; others appear. */
  readonly knownRegions: (entry: Partial<ProviderEntry>) => readonly string[];
  /** A place by a code in any spelling that is read: its own code, and its label on nodes. */
  readonly locate: (region: string) => LabelledLocation;
  readonly create: (entry: ProviderEntry, deps: ProviderDeps) => Provider;
}

/** In alphabetical order. */
const registrations = [
  register({
    name: "lambda",
    aliases: ["lambdalabs", "lambda-labs"],
    apiKeyVariable: "LAMBDA_API_KEY",
    urlVariable: "TGP_LAMBDA_URL",
    // Launches name exactly one SSH key of the account.
    blockRequired: true,
    blockToRead: { lambda: { sshKeyName: "none" } },
    info: lambdaInfo,
    knownRegions: () => Object.keys(lambdaRegionCountries),
    locate: toLambdaLocation,
    create: createLambdaProvider,
  }),
  register({
    name: "paperspace",
    aliases: [],
    apiKeyVariable: "PAPERSPACE_API_KEY",
    urlVariable: "TGP_PAPERSPACE_URL",
    // A template is found by itself, everything else has a default.
    blockRequired: false,
    blockToRead: {},
    info: paperspaceInfo,
    knownRegions: () => paperspaceRegionCodes,
    locate: toPaperspaceLocation,
    create: createPaperspaceProvider,
  }),
  register({
    name: "runpod",
    aliases: [],
    apiKeyVariable: "RUNPOD_API_KEY",
    urlVariable: "TGP_RUNPOD_URL",
    blockRequired: false,
    blockToRead: {},
    info: toRunpodInfo([]),
    knownRegions: ({ runpod }) =>
      runpod?.cloudType === "Community" ? runpodCountries : Object.keys(runpodDataCenterCountries),
    locate: toRunpodLocation,
    create: createRunpodProvider,
  }),
];

/** Keeps the name's own type. */
function register<const Name extends string>(
  registration: Registration<Name>,
): Registration<Name> {
  return Object.freeze(registration);
}

/** A cloud's canonical name. */
export type ProviderName = typeof registrations[number]["name"];

/** What is known about a cloud before any account of it. */
export type ProviderRegistration = Registration<ProviderName>;

/** Every cloud, in alphabetical order. */
export const providerNames: readonly ProviderName[] = Object.freeze(
  registrations.map(({ name }) => name),
);

/**
 * The cloud that a name means.
 *
 * @throws {RangeError} `unsupported provider: <text>`.
 */
export function parseProviderName(text: string): ProviderName {
  const meant = registrations.find(({ name, aliases }) => name === text || aliases.includes(text));
  if (meant === undefined) throw new RangeError(`unsupported provider: ${text}`);
  return meant.name;
}

/** What is known about a cloud. */
export function findRegistration(name: ProviderName): ProviderRegistration {
  const registration = registrations.find((known) => known.name === name);
  if (registration === undefined) throw new RangeError(`unsupported provider: ${name}`);
  return registration;
}

/**
 * One account of the cloud that an entry names, at the prices that the entry says it pays.
 *
 * @throws {RangeError} `unsupported provider: <x>`, or for a base URL or discount that cannot be used.
 * @throws {ProviderError} `unauthorized` for a key that cannot be sent; `invalid_request` for a missing block.
 */
export function createProvider(entry: ProviderEntry, deps: ProviderDeps): Provider {
  const { create } = findRegistration(parseProviderName(entry.provider ?? entry.name));
  const problem = checkApiKey(deps.apiKey);
  if (problem !== undefined) {
    throw new ProviderError(`Cannot use account "${entry.name}": ${problem}`, {
      kind: "unauthorized",
      account: entry.name,
      operation: "createProvider",
    });
  }
  return withOwnPrices(create(entry, deps), entry.discountPercent ?? 0);
}
