/**
 * Every cloud there is, and how an account of it is made. Adding one adds a line here and its facts to
 * `known_clouds.ts`.
 *
 * @module
 */

import type { ProviderEntry } from "../schemas/node_class.ts";
import { checkApiKey } from "./api_key.ts";
import { withOwnPrices } from "./catalog/own_prices.ts";
import type { Provider } from "./contract.ts";
import { ProviderError } from "./errors.ts";
import {
  findCloud,
  type KnownCloud,
  parseProviderName,
  type ProviderName,
} from "./known_clouds.ts";
import { createLambdaProvider } from "./lambda/mod.ts";
import { createPaperspaceProvider } from "./paperspace/mod.ts";
import type { ProviderDeps } from "./provider_deps.ts";
import { createRunpodProvider } from "./runpod/mod.ts";

export { parseProviderName, type ProviderName, providerNames } from "./known_clouds.ts";

type Create = (entry: ProviderEntry, deps: ProviderDeps) => Provider;

const creators: Readonly<Record<ProviderName, Create>> = Object.freeze({
  lambda: createLambdaProvider,
  paperspace: createPaperspaceProvider,
  runpod: createRunpodProvider,
});

/** What is known about a cloud, and how an account of it is made. */
export interface ProviderRegistration extends KnownCloud {
  readonly create: Create;
}

/** What is known about a cloud. */
export function findRegistration(name: ProviderName): ProviderRegistration {
  return { ...findCloud(name), create: creators[name] };
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
