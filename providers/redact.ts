/**
 * Keeps secrets out of messages that quote somebody else's words.
 *
 * @module
 */

/** Longest quote kept, in characters; vendors may answer with whole web pages. */
const maxQuoteLength = 300;

/** Shortest line of a secret document that is worth hiding; shorter ones are words like `runcmd:`. */
const minLineLength = 12;

/** Kubernetes bootstrap tokens, wherever they come from. */
const bootstrapToken = /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g;

/** Makes a foreign text fit to be shown: on one line, short, without secrets. */
export type Redact = (text: string) => string;

/**
 * A {@linkcode Redact} that removes every given secret, and every long line of a secret that has
 * several (user data comes back line by line in validation errors), in plain, JSON, URL and base64 form.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const needles = new Set<string>();
  for (const secret of secrets.filter((text) => text.length > 0)) {
    for (
      const part of [
        secret,
        ...secret.split(/\r?\n/).filter((l) => l.length >= minLineLength),
      ]
    ) {
      needles.add(part);
      needles.add(part.trim());
      needles.add(JSON.stringify(part).slice(1, -1));
      needles.add(encodeURIComponent(part));
      needles.add(toBase64(part));
    }
  }
  const sorted = [...needles].filter((needle) => needle.length > 0)
    .sort((left, right) => right.length - left.length);
  return (text) => {
    let shown = text;
    for (const needle of sorted) shown = shown.replaceAll(needle, "[redacted]");
    shown = shown.replace(bootstrapToken, "[redacted]").replace(/\s+/g, " ").trim();
    return shown.length > maxQuoteLength ? `${shown.slice(0, maxQuoteLength)}…` : shown;
  };
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(0, 4096))));
}
