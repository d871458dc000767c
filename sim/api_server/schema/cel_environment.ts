/**
 * The CEL that rules are written in: the language, with the functions of Kubernetes 1.36.
 *
 * Not there: versions (`semver`), requests (`authorizer`), and macros with two variables. A rule that needs
 * one is refused with its CustomResourceDefinition, not passed over.
 *
 * @module
 */

import { Environment } from "@marcbachmann/cel-js";
import { registerCollections } from "./cel/collection_library.ts";
import { registerFormats } from "./cel/format_library.ts";
import { registerIps } from "./cel/ip_library.ts";
import { registerQuantities } from "./cel/quantity_library.ts";
import { registerUrls } from "./cel/url_library.ts";

/** Registers everything. Lists of any type come as arrays, ints as bigints. */
export function createCelEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  });
  for (
    const register of [
      registerCollections,
      registerFormats,
      registerIps,
      registerQuantities,
      registerUrls,
    ]
  ) register(environment);
  return environment;
}
