/**
 * What can be said of an API key without saying the key: whether it can be put into a header, and which
 * of several it is.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Tells keys apart and reveals nothing: the first 12 hex digits of the SHA-256. */
export function fingerprintOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex").slice(0, 12);
}

/**
 * What is wrong with a key, without quoting any of it; `undefined` if it can be sent. A line break is
 * the usual fault: `kubectl create secret --from-file` keeps the one at the end of the file.
 */
export function checkApiKey(key: string): string | undefined {
  if (key.length === 0) return "the API key is empty";
  const match = /[^\x21-\x7e]/.exec(key);
  if (match === null) return undefined;
  const place = `at character ${match.index + 1} of ${key.length}`;
  if (/[\r\n]/.test(match[0])) {
    return `the API key has a line break ${place}; store it without one, for example with --from-literal`;
  }
  if (/\s/.test(match[0])) return `the API key has a space ${place}; store it without one`;
  return `the API key has a character ${place} that is not printable ASCII; copy it again`;
}
