/**
 * Static addresses and private networks.
 *
 * @module
 */

import type { Account } from "./account.ts";
import { toSimRegion } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import {
  assignIpInput,
  claimIpInput,
  createNetworkInput,
  parseInput,
  parseRegion,
  updateNetworkInput,
} from "./inputs.ts";
import { filterByName, type Operation, type OperationInput } from "./operation.ts";
import { paginate } from "./paging.ts";
import { type Rendered, renderIp, renderNetwork } from "./render.ts";
import type { StaticIp } from "./static_ips.ts";

/** See the module. */
export const networkOperations = {
  "publicIps-list": (input) => {
    const { account, query } = input;
    const ips = inRegion(account.ips.list(), input).map((ip) => ({ ...ip, id: ip.ip }));
    const keys = { dtCreated: ({ createdAt }: { readonly createdAt: number }) => createdAt };
    const page = paginate(ips, query, keys, account.switches.behaviour);
    return { ...page, items: page.items.map((ip) => render(account, ip)) };
  },

  "publicIps-claim": ({ account, body }) => {
    const region = parseRegion(parseInput(claimIpInput, body).region);
    return render(account, account.ips.claim(region, undefined, account.now));
  },

  "publicIps-assign": ({ account, id, body }) => {
    const ip = account.ips.find(id);
    const { machineId } = parseInput(assignIpInput, body);
    if (machineId !== null) {
      const machine = account.machines.find(machineId);
      if (machine.region !== ip.region) {
        throw new Refusal("BAD_REQUEST", "Public IP is not in the region of the machine");
      }
      if (account.machineOf(ip.machineId) !== undefined && ip.machineId !== machineId) {
        throw new Refusal("CONFLICT", "This public IP is assigned to another machine.");
      }
    }
    ip.machineId = machineId ?? undefined;
    return render(account, ip);
  },

  "publicIps-release": ({ account, id }) => ({ ip: account.ips.release(id, account.now).ip }),

  "privateNetworks-list": (input) => {
    const { account, query } = input;
    const networks = inRegion(account.networks.list(), input);
    const named = filterByName(networks, ({ name }) => name, input);
    const page = paginate(named, query, {
      dtCreated: ({ createdAt }) => createdAt,
      name: ({ name }) => name,
    }, account.switches.behaviour);
    return { ...page, items: page.items.map(renderNetwork) };
  },

  "privateNetworks-create": ({ account, body }) => {
    const { name, region } = parseInput(createNetworkInput, body);
    return renderNetwork(account.networks.create(name, parseRegion(region), account.now));
  },

  // 200 `null` is how the vendor says that there is none.
  "privateNetworks-get": ({ account, id }) => {
    const network = account.networks.peek(id);
    return network === undefined ? null : renderNetwork(network);
  },

  "privateNetworks-update": ({ account, id, body }) => {
    const network = account.networks.find(id);
    network.name = parseInput(updateNetworkInput, body).name ?? network.name;
    return renderNetwork(network);
  },

  "privateNetworks-delete": ({ account, id }) => {
    const attached = account.machines.present().filter(({ settings }) => settings.networkId === id);
    return { id: account.networks.delete(id, attached.length).id };
  },
} satisfies Readonly<Record<string, Operation>>;

function render(account: Account, ip: StaticIp): Rendered {
  return renderIp(ip, account.machineOf(ip.machineId));
}

function inRegion<Item extends { readonly region: string }>(
  items: readonly Item[],
  { query }: OperationInput,
): readonly Item[] {
  const { region } = query;
  return region === undefined ? items : items.filter((item) => item.region === toSimRegion(region));
}
