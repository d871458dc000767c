/**
 * Writes DER (ITU-T X.690), as much as a certificate request needs.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** One element of a tag around contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content]);
}

/** `SEQUENCE`. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(0x30, ...contents);
}

/** `SET` of one element, so that no order is needed. */
export function setOf(content: Uint8Array): Buffer {
  return element(0x31, content);
}

/** `PrintableString`; the caller sees to its characters. */
export function printableString(text: string): Buffer {
  return element(0x13, Buffer.from(text, "ascii"));
}

/** `BIT STRING` of whole octets. */
export function bitString(content: Uint8Array): Buffer {
  return element(0x03, Buffer.from([0]), content);
}

/** `OBJECT IDENTIFIER` from dotted notation. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([40 * first + second, ...others].flatMap(arcOctets)));
}

/** Seven bits an octet, the last without the high bit. */
function arcOctets(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) octets.unshift((rest & 0x7f) | 0x80);
  return octets;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
