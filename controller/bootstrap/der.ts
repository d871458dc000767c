/**
 * Reads DER (ITU-T X.690): just enough to look into a certificate request without trusting it.
 *
 * @module
 */

/** Thrown for bytes that are not the DER that was expected. */
export class DerError extends Error {
  override name = "DerError";
}

/** One element: a tag and its content. */
export interface DerElement {
  /** The identifier octet, for example 0x30 for a sequence. */
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Identifier octets in use. */
export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, constructed. */
  context0: 0xa0,
} as const;

/**
 * The elements that `bytes` consists of, without rest.
 *
 * @throws {DerError} If the bytes are not a row of DER elements.
 */
export function readElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { element, end } = readElement(bytes, offset);
    elements.push(element);
    offset = end;
  }
  return elements;
}

/**
 * The elements inside an element.
 *
 * @throws {DerError} If it is absent or has another tag.
 */
export function readInside(element: DerElement | undefined, tag: number): DerElement[] {
  return readElements(contentOf(element, tag));
}

/**
 * The content of an element.
 *
 * @throws {DerError} If it is absent or has another tag.
 */
export function contentOf(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag === tag) return element.content;
  throw new DerError(`Expected DER tag ${tag}, found ${element?.tag ?? "nothing"}`);
}

/** An object identifier in dotted notation. */
export function readObjectIdentifier(element: DerElement | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const byte of contentOf(element, derTags.objectIdentifier)) {
    if (arc > 0xffffff) throw new DerError("Object identifier is too long");
    arc = arc * 128 + (byte & 0x7f);
    open = byte >= 0x80;
    if (open) continue;
    arcs.push(arc);
    arc = 0;
  }
  if (open || arcs.length === 0) throw new DerError("Object identifier is cut off");
  return splitFirstArc(arcs).join(".");
}

/** The first number holds two arcs: 40 times the first (0, 1 or 2) plus the second. */
function splitFirstArc([joint = 0, ...others]: readonly number[]): number[] {
  const first = Math.min(2, Math.floor(joint / 40));
  return [first, joint - 40 * first, ...others];
}

/** The text of a UTF-8, printable or IA5 string. */
export function readText(element: DerElement | undefined): string {
  switch (element?.tag) {
    case derTags.utf8String:
      return decodeUtf8(element.content);
    case derTags.printableString:
    case derTags.ia5String:
      if (element.content.some((byte) => byte >= 0x80)) throw new DerError("Text is not ASCII");
      return decodeUtf8(element.content);
    default:
      throw new DerError(`Expected DER text, found tag ${element?.tag ?? "none"}`);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DerError("Text is not UTF-8", { cause });
  }
}

function readElement(bytes: Uint8Array, start: number): { element: DerElement; end: number } {
  const tag = bytes[start];
  if (tag === undefined || (tag & 0x1f) === 0x1f) throw new DerError("DER tag is not supported");
  const { length, offset } = readLength(bytes, start + 1);
  const end = offset + length;
  if (end > bytes.length) throw new DerError("DER element is cut off");
  return { element: { tag, content: bytes.subarray(offset, end) }, end };
}

/** DER has one way to write a length: short below 128, else as few octets as needed. */
function readLength(bytes: Uint8Array, start: number): { length: number; offset: number } {
  const first = bytes[start];
  if (first === undefined) throw new DerError("DER length is missing");
  if (first < 0x80) return { length: first, offset: start + 1 };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 3) throw new DerError("DER length is not supported");
  let length = 0;
  for (let index = 1; index <= octets; index++) length = length * 256 + (bytes[start + index] ?? 0);
  if (length < 0x80 || length < 256 ** (octets - 1)) {
    throw new DerError("DER length is not minimal");
  }
  return { length, offset: start + 1 + octets };
}
