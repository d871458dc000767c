/**
 * Addresses that mean something else, or nothing, to a machine on the internet.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";

/** Why a host cannot be reached from the internet. */
export interface Unreachable {
  /** To follow the host in a sentence. */
  readonly why: string;
  /**
   * Whether no other machine can reach it, whatever network joins them. A private address or name may
   * work over a VPN.
   */
  readonly always: boolean;
}

/** Addresses by what they are: RFC 1122, 3927, 1918, 6598, 4193, 4291. */
const blocks: readonly (Unreachable & { readonly list: BlockList })[] = [
  {
    why: "means the machine itself",
    always: true,
    list: toBlockList(["127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"]),
  },
  { why: "is link-local", always: true, list: toBlockList(["169.254.0.0/16", "fe80::/10"]) },
  {
    // What kubeadm and k3s call the API server inside the cluster unless told otherwise.
    why: "is the usual address of the API server inside a cluster",
    always: true,
    list: toBlockList(["10.96.0.1/32", "10.43.0.1/32"]),
  },
  {
    why: "is a private address",
    always: false,
    list: toBlockList([
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "100.64.0.0/10",
      "fc00::/7",
    ]),
  },
];

/** Names that only machines or pods of one's own know. */
const localNames: readonly (Unreachable & { readonly pattern: RegExp })[] = [
  { why: "means the machine itself", always: true, pattern: /^localhost$|\.localhost$/ },
  {
    why: "is known inside the cluster only",
    always: true,
    pattern: /^kubernetes(\.default)?$|\.svc$|\.cluster\.local$/,
  },
  {
    why: "is known inside one network only",
    always: false,
    pattern: /^[^.]+$|\.(local|internal|lan|home|corp)$/,
  },
];

/**
 * Why a host cannot be reached from the internet; `undefined` if it may be.
 *
 * @param host A name, an IPv4 address, or an IPv6 address in brackets.
 */
export function findUnreachable(host: string): Unreachable | undefined {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(address);
  if (family !== 0) {
    const type = family === 4 ? "ipv4" : "ipv6";
    return blocks.find(({ list }) => list.check(address, type));
  }
  const name = host.toLowerCase().replace(/\.$/, "");
  return localNames.find(({ pattern }) => pattern.test(name));
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
