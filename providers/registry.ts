/**
 * Every cloud there is. Adding one adds a line.
 *
 * @module
 */

import type { ProviderEntry } from "../schemas/node_class.ts";
import { withOwnPrices } from "./catalog/own_prices.ts";
import type { Provider } from "./contract.ts";
import { createLambdaProvider } from "./lambda/mod.ts";
import { createPaperspaceProvider } from "./paperspace/mod.ts";
import type { ProviderDeps } from "./provider_deps.ts";
import { createRunpodProvider } from "./runpod/mod.ts";

/** A cloud's canonical name. */
export type ProviderName = "lambda" | "paperspace" | "runpod";

/** What is known about a cloud before any account of it. */
export interface ProviderRegistration {
  readonly name: ProviderName;
  /** Environment variable with an API key, for use without a cluster. */
  readonly apiKeyVariable: string;
  /** Environment variable that replaces the vendor's scheme and host. */
  readonly urlVariable: string;
  /** Whether an entry of a GPUNodeClass needs the block of the cloud's own name. */
  readonly blockRequired: boolean;
  readonly create: (entry: ProviderEntry, deps: ProviderDeps) => Provider;
}

const registrations: Readonly<Record<ProviderName, ProviderRegistration>> = {
  lambda: {
    name: "lambda",
    apiKeyVariable: "LAMBDA_API_KEY",
    urlVariable: "TGP_LAMBDA_URL",
    // Launches name exactly one SSH key of the account.
    blockRequired: true,
    create: createLambdaProvider,
  },
  paperspace: {
    name: "paperspace",
    apiKeyVariable: "PAPERSPACE_API_KEY",
    urlVariable: "TGP_PAPERSPACE_URL",
    // A template is found by itself, everything else has a default.
    blockRequired: false,
    create: createPaperspaceProvider,
  },
  runpod: {
    name: "runpod",
    apiKeyVariable: "RUNPOD_API_KEY",
    urlVariable: "TGP_RUNPOD_URL",
    blockRequired: false,
    create: createRunpodProvider,
  },
};

/** Other spellings that are read. */
const aliases: Readonly<Record<string, ProviderName>> = {
  "lambdalabs": "lambda",
  "lambda-labs": "lambda",
};

/** Every cloud, in alphabetical order. */
export const providerNames: readonly ProviderName[] = Object.freeze([
  "lambda",
  "paperspace",
  "runpod",
]);

/**
 * The cloud that a name means.
 *
 * @throws {RangeError} `unsupported provider: <text>`.
 */
export function parseProviderName(text: string): ProviderName {
  const name = providerNames.find((known) => known === text);
  const canonical = name ?? (Object.hasOwn(aliases, text) ? aliases[text] : undefined);
  if (canonical === undefined) throw new RangeError(`unsupported provider: ${text}`);
  return canonical;
}

/** What is known about a cloud. */
export function findRegistration(name: ProviderName): ProviderRegistration {
  return registrations[name];
}

/**
 * One account of the cloud that an entry names, at the prices that the entry says it pays.
 *
 * @throws {RangeError} `unsupported provider: <x>`, or for a base URL or discount that cannot be used.
 * @throws {ProviderError} For a key that cannot be sent, or a missing block.
 */
export function createProvider(entry: ProviderEntry, deps: ProviderDeps): Provider {
  const { create } = findRegistration(parseProviderName(entry.provider ?? entry.name));
  return withOwnPrices(create(entry, deps), entry.discountPercent ?? 0);
}
