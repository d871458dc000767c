/**
 * IP addresses and prefixes, as Go's `net/netip` reads them and Kubernetes' CEL takes them: no zones, and
 * no IPv4 address in the clothes of an IPv6 one.
 *
 * @module
 */

import { isIPv4, isIPv6 } from "node:net";

/** One address. */
export class IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;

  constructor(family: 4 | 6, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }

  /** The address in a text; `undefined` if it is none. */
  static parse(text: string): IpAddress | undefined {
    if (isIPv4(text)) return new IpAddress(4, parseV4(text));
    if (!isIPv6(text) || text.includes("%")) return undefined;
    const bits = parseV6(text);
    return bits >> 32n === 0xffffn ? undefined : new IpAddress(6, bits);
  }

  /** Whether its first bits are those of another address of the same family. */
  startsLike(other: IpAddress, bits: number): boolean {
    return this.family === other.family && this.masked(bits).bits === other.masked(bits).bits;
  }

  /** With all but the first bits zero. */
  masked(bits: number): IpAddress {
    const rest = BigInt(lengthOf(this.family) - bits);
    return new IpAddress(this.family, (this.bits >> rest) << rest);
  }

  /** The one way of writing it that Go has. */
  toString(): string {
    return this.family === 4 ? formatV4(this.bits) : formatV6(this.bits);
  }
}

/** An address and how many of its bits count. */
export class IpPrefix {
  readonly address: IpAddress;
  readonly bits: number;

  constructor(address: IpAddress, bits: number) {
    this.address = address;
    this.bits = bits;
  }

  /** The prefix in a text such as `10.0.0.0/8`; `undefined` if it is none. */
  static parse(text: string): IpPrefix | undefined {
    const [, before = "", length = ""] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
    const address = IpAddress.parse(before);
    if (!address || Number(length) > lengthOf(address.family)) return undefined;
    return new IpPrefix(address, Number(length));
  }

  contains(address: IpAddress): boolean {
    return address.startsLike(this.address, this.bits);
  }

  toString(): string {
    return `${this.address}/${this.bits}`;
  }
}

function lengthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function parseV4(text: string): bigint {
  return text.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const before = toGroups(head);
  const after = toGroups(tail ?? "");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => 0n), ...after]
    .reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The last part may be an IPv4 address, which is two groups. */
function toGroups(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return [BigInt(`0x${part}`)];
    const bits = parseV4(part);
    return [bits >> 16n, bits & 0xffffn];
  });
}

function formatV4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join(".");
}

/** The first of the longest runs of zeros, if longer than one, is left out (RFC 5952). */
function formatV6(bits: bigint): string {
  const groups = Array.from(
    { length: 8 },
    (_, at) => ((bits >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  let longest = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    const end = groups.findIndex((group, at) => at >= start && group !== "0");
    const length = (end < 0 ? 8 : end) - start;
    if (length > longest.length) longest = { start, length };
  }
  if (longest.length === 1) return groups.join(":");
  const { start, length } = longest;
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}
