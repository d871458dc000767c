/**
 * Content negotiation.
 *
 * @module
 */

import { ApiError } from "./api_error.ts";

/** The form of an answer that a client asks for. */
export interface Accepted {
  /** `Table`, `PartialObjectMetadata`, `PartialObjectMetadataList`, `APIGroupDiscoveryList`. */
  readonly as: string | undefined;
  readonly group: string | undefined;
  readonly version: string | undefined;
}

const plainJson: Accepted = { as: undefined, group: undefined, version: undefined };

/** The forms that this server makes, as `as;g;v`. */
const offered = new Set([
  "Table;meta.k8s.io;v1",
  "PartialObjectMetadata;meta.k8s.io;v1",
  "PartialObjectMetadataList;meta.k8s.io;v1",
  "APIGroupDiscoveryList;apidiscovery.k8s.io;v2",
]);

/**
 * Reads an `Accept` header: the first form in it that this server makes.
 *
 * @throws {ApiError} 406 when there is none.
 */
export function parseAccept(header: string | null): Accepted {
  if (header === null || header.trim() === "") return plainJson;
  for (const range of header.split(",")) {
    const [type = "", ...parameters] = range.trim().split(";").map((part) => part.trim());
    if (type !== "application/json" && type !== "*/*" && type !== "application/*") continue;
    const values = new Map(parameters.map((one) => [one.split("=")[0], one.split("=")[1]]));
    const [as, group, version] = [values.get("as"), values.get("g"), values.get("v")];
    if (as === undefined) return plainJson;
    if (offered.has(`${as};${group};${version}`)) return { as, group, version };
  }
  throw new ApiError(
    406,
    "NotAcceptable",
    "only the following media types are accepted: application/json",
  );
}

/** The `Content-Type` of an answer in a form. */
export function contentTypeOf({ as, group, version }: Accepted): string {
  return as === "APIGroupDiscoveryList"
    ? `application/json;g=${group};v=${version};as=${as}`
    : "application/json";
}
