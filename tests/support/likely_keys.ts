/**
 * Finds what looks like a credential in files that must hold none.
 *
 * @module
 */

/** What credentials look like, and what they are called in reports. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a Lambda key", /secret_[A-Za-z0-9][A-Za-z0-9._-]{15,}/],
  ["a RunPod key", /\brpa_[A-Za-z0-9]{20,}/i],
  [
    "a key with a vendor's prefix",
    /\b(?:sk|pk|psp|dop_v1|ghp|gho|hf|xox[bp])[-_][A-Za-z0-9]{16,}/,
  ],
  ["a bearer token", /\bbearer\s+[A-Za-z0-9._~+/-]{8,}/i],
  ["a basic authorization", /\bbasic\s+[A-Za-z0-9+/]{12,}/i],
  ["a field for keys", /"(?:authorization|x-api-key|api[_-]?key)"\s*:/i],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ["a bootstrap token", /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/],
];

/** Letters of both cases and digits, long: random. Public keys that say EXAMPLE are not. */
const randomText = /[A-Za-z0-9+/_]{40,}/g;

/**
 * What looks like a credential in a text. Ids of 32 hexadecimal digits do not.
 *
 * @returns What it looks like, and its first characters.
 */
export function findLikelyKeys(text: string): readonly string[] {
  const known = patterns.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`${what}: ${found.slice(0, 20)}`];
  });
  const random = [...text.matchAll(randomText)].map(([match]) => match)
    .filter((match) => match.split("/").some(isMixed))
    .filter((match) => !match.includes("EXAMPLE"))
    .map((match) => `random characters: ${match.slice(0, 20)}`);
  return [...known, ...random];
}

/** Paths are made of words: none of their parts mixes what random text does. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /[0-9]/.test(text);
}
