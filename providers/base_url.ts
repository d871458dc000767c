/**
 * Vendors' addresses and their replacements.
 *
 * @module
 */

/**
 * A vendor's URL with scheme and host replaced; the vendor's own path stays.
 *
 * @param vendorUrl The vendor's URL with its path: `https://cloud.lambda.ai/api/v1`.
 * @param replacement Scheme and host to use instead, if any: `http://127.0.0.1:9001`.
 * @param variable Where the replacement comes from, for messages: `TGP_LAMBDA_URL`.
 * @throws {RangeError} If the replacement is more or less than scheme and host. Never quotes it whole,
 * since it may hold a password.
 */
export function replaceOrigin(
  vendorUrl: string,
  replacement: string | undefined,
  variable: string,
): string {
  if (replacement === undefined || replacement === "") return vendorUrl;
  const remedy = `write scheme and host only, such as "http://127.0.0.1:9001"`;
  if (!URL.canParse(replacement)) {
    throw new RangeError(`Cannot use ${variable}: it is not a URL; ${remedy}`);
  }
  const url = new URL(replacement);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new RangeError(`Cannot use ${variable}: its scheme is "${url.protocol}"; ${remedy}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new RangeError(`Cannot use ${variable}: it holds a user name or password; ${remedy}`);
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new RangeError(`Cannot use ${variable}: it has a path ("${url.pathname}"); ${remedy}`);
  }
  return url.origin + new URL(vendorUrl).pathname;
}
