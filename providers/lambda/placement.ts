/**
 * Where the things that an account's options name allow machines to stand.
 *
 * Filesystems, rulesets and image ids belong to one region; an image family exists per region and CPU
 * architecture. Offering other places would buy nothing but refusals.
 *
 * @module
 */

import type { LambdaOptions } from "../../schemas/clouds/lambda.ts";
import type { WirePlacement } from "./wire.ts";

/** Whether a machine of this CPU architecture may stand in this region. */
export type AllowsPlace = (region: string, arch: "amd64" | "arm64") => boolean;

const architectures: Readonly<Record<string, "amd64" | "arm64">> = {
  x86_64: "amd64",
  arm64: "arm64",
};

/** Whether the options name anything that ties machines to places. */
export function needsPlacement(options: LambdaOptions): boolean {
  return options.imageFamily !== undefined || options.imageID !== undefined ||
    (options.filesystems ?? []).length > 0 || (options.firewallRulesetIDs ?? []).length > 0;
}

/**
 * Works out where machines may stand.
 *
 * @returns The rule, or in words which named thing does not exist.
 */
export function selectPlaces(
  options: LambdaOptions,
  known: WirePlacement,
): AllowsPlace | { readonly problem: string } {
  const regions: string[] = [];
  for (const name of options.filesystems ?? []) {
    const filesystem = known.filesystems.find((candidate) => candidate.name === name);
    if (filesystem === undefined) {
      return missing("Filesystem", name, "filesystems", known.filesystems.map((f) => f.name));
    }
    regions.push(filesystem.region.name);
  }
  for (const id of options.firewallRulesetIDs ?? []) {
    const ruleset = known.rulesets.find((candidate) => candidate.id === id);
    if (ruleset === undefined) {
      return missing("Firewall ruleset", id, "firewallRulesetIDs", known.rulesets.map((r) => r.id));
    }
    regions.push(ruleset.region.name);
  }
  const images = known.images.filter((image) =>
    options.imageID !== undefined
      ? image.id === options.imageID
      : image.family === options.imageFamily
  );
  const wantsImage = options.imageID !== undefined || options.imageFamily !== undefined;
  if (wantsImage && images.length === 0) {
    return options.imageID !== undefined
      ? missing("Image", options.imageID, "imageID", [])
      : missing("Image family", options.imageFamily ?? "", "imageFamily", [
        ...new Set(known.images.map((image) => image.family)),
      ]);
  }
  return (region, arch) =>
    regions.every((required) => required === region) &&
    (!wantsImage ||
      images.some((image) =>
        image.region.name === region && architectures[image.architecture] === arch
      ));
}

function missing(
  what: string,
  name: string,
  field: string,
  existing: readonly string[],
): { readonly problem: string } {
  const choice = existing.length > 0
    ? `; the account has ${[...existing].sort().slice(0, 10).join(", ")}`
    : "";
  return {
    problem:
      `${what} "${name}" does not exist in the Lambda account: change lambda.${field}${choice}`,
  };
}
