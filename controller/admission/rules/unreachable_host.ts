/**
 * Addresses that mean something else, or nothing, to a machine on the internet.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";

/** Address blocks by what they are: RFC 1122, 3927, 1918, 6598, 4193, 4291. */
const blocks: readonly (readonly [why: string, list: BlockList])[] = [
  ["means the machine itself", toBlockList(["127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"])],
  ["is link-local", toBlockList(["169.254.0.0/16", "fe80::/10"])],
  [
    "is a private address",
    toBlockList(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]),
  ],
];

/** Names that only machines or pods of one's own know. */
const localNames: readonly (readonly [why: string, pattern: RegExp])[] = [
  ["means the machine itself", /^localhost$|\.localhost$/],
  ["is known inside the cluster only", /^kubernetes(\.default)?$|\.svc$|\.cluster\.local$/],
  ["is known inside one network only", /^[^.]+$|\.(local|internal|lan|home|corp)$/],
];

/**
 * Why a host cannot be reached from the internet, to follow its name in a sentence; `undefined` if it
 * may be.
 *
 * @param host A name, an IPv4 address, or an IPv6 address in brackets.
 */
export function findUnreachable(host: string): string | undefined {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(address);
  if (family !== 0) {
    const type = family === 4 ? "ipv4" : "ipv6";
    return blocks.find(([, list]) => list.check(address, type))?.[0];
  }
  const name = host.toLowerCase().replace(/\.$/, "");
  return localNames.find(([, pattern]) => pattern.test(name))?.[0];
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
