/**
 * `ip(…)` and `cidr(…)`, as k8s.io/apiserver `pkg/cel/library/ip.go` and `cidr.go` have them, v0.36.
 *
 * @module
 */

import type { Environment } from "@marcbachmann/cel-js";
import { IpAddress, IpPrefix } from "./ip_address.ts";

class IpNamespace {}

const ipType = "net.IP";
const prefixType = "net.CIDR";

/** Registers the functions. */
export function registerIps(environment: Environment): Environment {
  environment
    .registerType(ipType, IpAddress)
    .registerType("IpNamespace", IpNamespace)
    .registerConstant("ip", "IpNamespace", new IpNamespace())
    .registerFunction(`ip(string): ${ipType}`, readIp)
    .registerFunction("isIP(string): bool", (text: string) => IpAddress.parse(text) !== undefined)
    .registerFunction(
      "IpNamespace.isCanonical(string): bool",
      (_: IpNamespace, text: string) => readIp(text).toString() === text,
    )
    .registerFunction(`string(${ipType}): string`, String)
    .registerFunction(`${ipType}.family(): int`, ({ family }: IpAddress) => BigInt(family))
    .registerOperator(`${ipType} == ${ipType}`, isSame);
  for (const [name, holds] of Object.entries(kinds)) {
    environment.registerFunction(`${ipType}.${name}(): bool`, holds);
  }
  return registerPrefixes(environment);
}

function registerPrefixes(environment: Environment): Environment {
  const containsIp = (prefix: IpPrefix, address: IpAddress) => prefix.contains(address);
  const containsPrefix = (prefix: IpPrefix, other: IpPrefix) =>
    other.bits >= prefix.bits && prefix.contains(other.address);
  return environment
    .registerType(prefixType, IpPrefix)
    .registerFunction(`cidr(string): ${prefixType}`, readPrefix)
    .registerFunction("isCIDR(string): bool", (text: string) => IpPrefix.parse(text) !== undefined)
    .registerFunction(`string(${prefixType}): string`, String)
    .registerFunction(`${prefixType}.ip(): ${ipType}`, ({ address }: IpPrefix) => address)
    .registerFunction(
      `${prefixType}.masked(): ${prefixType}`,
      ({ address, bits }: IpPrefix) => new IpPrefix(address.masked(bits), bits),
    )
    .registerFunction(`${prefixType}.prefixLength(): int`, ({ bits }: IpPrefix) => BigInt(bits))
    .registerFunction(`${prefixType}.containsIP(${ipType}): bool`, containsIp)
    .registerFunction(
      `${prefixType}.containsIP(string): bool`,
      (prefix: IpPrefix, text: string) => containsIp(prefix, readIp(text)),
    )
    .registerFunction(`${prefixType}.containsCIDR(${prefixType}): bool`, containsPrefix)
    .registerFunction(
      `${prefixType}.containsCIDR(string): bool`,
      (prefix: IpPrefix, text: string) => containsPrefix(prefix, readPrefix(text)),
    )
    .registerOperator(`${prefixType} == ${prefixType}`, isSame);
}

function readIp(text: string): IpAddress {
  const address = IpAddress.parse(text);
  if (!address) throw new RangeError(`IP Address ${JSON.stringify(text)} parse error`);
  return address;
}

function readPrefix(text: string): IpPrefix {
  const prefix = IpPrefix.parse(text);
  if (!prefix) throw new RangeError(`network address parse error: ${JSON.stringify(text)}`);
  return prefix;
}

function isSame(left: IpAddress | IpPrefix, right: IpAddress | IpPrefix): boolean {
  return String(left) === String(right);
}

function isIn(...prefixes: readonly string[]): (address: IpAddress) => boolean {
  const parsed = prefixes.map(readPrefix);
  return (address) => parsed.some((prefix) => prefix.contains(address));
}

const isUnspecified = isIn("0.0.0.0/32", "::/128");
const isLoopback = isIn("127.0.0.0/8", "::1/128");
const isLinkLocalUnicast = isIn("169.254.0.0/16", "fe80::/10");
const isMulticast = isIn("224.0.0.0/4", "ff00::/8");
const isBroadcast = isIn("255.255.255.255/32");

/** Kinds of addresses by Go's definitions. */
const kinds: Readonly<Record<string, (address: IpAddress) => boolean>> = {
  isUnspecified,
  isLoopback,
  isLinkLocalUnicast,
  // Its second half of 16 bits tells the scope, whatever the flags.
  isLinkLocalMulticast: (address) =>
    isIn("224.0.0.0/24")(address) ||
    (address.family === 6 && address.bits >> 120n === 0xffn &&
      (address.bits >> 112n & 0xfn) === 2n),
  isGlobalUnicast: (address) =>
    ![isUnspecified, isLoopback, isLinkLocalUnicast, isMulticast, isBroadcast]
      .some((isKind) => isKind(address)),
};
