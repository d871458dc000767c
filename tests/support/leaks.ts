/**
 * Looks for secrets in whatever came out of somewhere.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import { constants, gunzipSync } from "node:zlib";

/**
 * Everything that a log, a debugger or a person could get out of a value: its text, its JSON, its hidden
 * properties, and of errors message, stack and the whole chain of causes.
 */
export function toExposedText(value: unknown): string {
  const texts = [String(value), inspect(value, { depth: Infinity, showHidden: true })];
  try {
    texts.push(JSON.stringify(value) ?? "");
  } catch {
    // A circle: inspect() has shown it.
  }
  for (let current = value, depth = 0; current instanceof Error && depth < 16; depth++) {
    texts.push(current.message, current.stack ?? "");
    current = current.cause;
  }
  return texts.join("\n");
}

/** How a secret shows: plain, escaped, encoded, whole or in halves. */
export type Shape = "plain" | "half" | "json" | "url" | "base64" | "hex";

/** A secret that shows. */
export interface Leak {
  readonly shape: Shape;
  /** What surrounds it, to find the place. */
  readonly near: string;
}

/** A text, and what is compressed in it: gzip in base64, also where it breaks off. */
export function unpackText(text: string): string {
  const unpacked = [...new Set(text.match(/H4sI[A-Za-z0-9+/]{16,}={0,2}/g))].flatMap((packed) => {
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH };
      return [gunzipSync(Buffer.from(packed, "base64"), options).toString("utf8")];
    } catch {
      return [];
    }
  });
  return [text, ...unpacked].join("\n");
}

/**
 * Where a text, or what is compressed in it, shows one of the secrets, in any form; halves count for
 * secrets of one word.
 */
export function findLeaks(packed: string, secrets: readonly string[]): readonly Leak[] {
  const text = unpackText(packed);
  return secrets.filter((secret) => secret.length >= minSecretLength).flatMap((secret) =>
    toNeedles(secret).flatMap(([shape, needle]) => {
      const at = text.indexOf(needle);
      if (at === -1) return [];
      return [{ shape, near: text.slice(Math.max(0, at - 60), at + needle.length + 20) }];
    })
  );
}

/** Shorter ones would be found everywhere. */
const minSecretLength = 8;

/** A half that is shorter than this proves nothing. */
const minHalfLength = 8;

function toNeedles(secret: string): readonly (readonly [Shape, string])[] {
  const middle = Math.ceil(secret.length / 2);
  const halves = /\s/.test(secret) || middle < minHalfLength
    ? []
    : [secret.slice(0, middle), secret.slice(-middle)];
  const needles: (readonly [Shape, string])[] = [
    ["plain", secret],
    ...halves.map((half) => ["half", half] as const),
    ["json", JSON.stringify(secret).slice(1, -1)],
    ["url", encodeURIComponent(secret)],
    ["hex", Buffer.from(secret).toString("hex")],
    ...toBase64Needles(secret).map((needle) => ["base64", needle] as const),
  ];
  const seen = new Set<string>();
  return needles.filter(([, needle]) => !seen.has(needle) && seen.add(needle));
}

/** Inside a longer text a secret has one of three encodings, whose edges depend on its neighbours. */
function toBase64Needles(secret: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from("\0".repeat(before) + secret).toString("base64").replace(/=+$/, "");
    const from = before === 0 ? 0 : before + 1;
    const whole = (before + Buffer.byteLength(secret)) % 3 === 0;
    return encoded.slice(from, whole ? undefined : -1);
  });
}
