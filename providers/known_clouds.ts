/**
 * What is known about every cloud without an account: for whoever judges, lists or completes, and has no
 * use for clients.
 *
 * @module
 */

import type { ProviderEntry } from "../schemas/node_class.ts";
import type { ProviderInfo } from "./contract.ts";
import { lambdaInfo } from "./lambda/facts.ts";
import { toLocation as toLambdaLocation } from "./lambda/map.ts";
import { lambdaRegionCountries } from "./lambda/regions.ts";
import { paperspaceInfo } from "./paperspace/facts.ts";
import {
  regionCodes as paperspaceRegionCodes,
  toLocation as toPaperspaceLocation,
} from "./paperspace/regions.ts";
import type { LabelledLocation } from "./offers/build_offer.ts";
import { toInfo as toRunpodInfo } from "./runpod/facts.ts";
import {
  runpodCountries,
  runpodDataCenterCountries,
  toLocation as toRunpodLocation,
} from "./runpod/regions.ts";

interface Facts<Name extends string> {
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
}

/** In alphabetical order. */
const clouds = [
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
  }),
];

/** Keeps the name's own type. */
function register<const Name extends string>(
  facts: Facts<Name>,
): Facts<Name> {
  return Object.freeze(facts);
}

/** A cloud's canonical name. */
export type ProviderName = typeof clouds[number]["name"];

/** What is known about a cloud before any account of it. */
export type KnownCloud = Facts<ProviderName>;

/** Every cloud, in alphabetical order. */
export const providerNames: readonly ProviderName[] = Object.freeze(
  clouds.map(({ name }) => name),
);

/**
 * The cloud that a name means.
 *
 * @throws {RangeError} `unsupported provider: <text>`.
 */
export function parseProviderName(text: string): ProviderName {
  const meant = clouds.find(({ name, aliases }) => name === text || aliases.includes(text));
  if (meant === undefined) throw new RangeError(`unsupported provider: ${text}`);
  return meant.name;
}

/** What is known about a cloud. */
export function findCloud(name: ProviderName): KnownCloud {
  const cloud = clouds.find((known) => known.name === name);
  if (cloud === undefined) throw new RangeError(`unsupported provider: ${name}`);
  return cloud;
}
