/**
 * Machines and their events.
 *
 * @module
 */

import type { Account } from "./account.ts";
import { toSimRegion } from "./catalog.ts";
import { checkDisk, checkOrder, checkSettings } from "./check_order.ts";
import { approvalText, Refusal, simTexts } from "./errors.ts";
import { createMachineInput, parseInput, updateMachineInput } from "./inputs.ts";
import type { Machine } from "./machine.ts";
import type { Done } from "./machine_actions.ts";
import { filterByName, type Operation } from "./operation.ts";
import { paginate } from "./paging.ts";
import { type Rendered, renderEvent, renderMachine } from "./render.ts";
import { changeSettings } from "./settings.ts";
import { stateAt } from "./machine.ts";

/** See the module. */
export const machineOperations = {
  "machines-create": ({ account, body }) => {
    const order = checkOrder(parseInput(createMachineInput, body), {
      type: (label) => account.market.type(label),
      template: (id) => account.template(id),
    });
    const { input, region } = order;
    if (input.networkId !== undefined) checkNetwork(account, input.networkId, region);
    const script = input.startupScriptId === undefined
      ? undefined
      : account.scripts.find(input.startupScriptId);
    checkStanding(account);
    if (account.machines.isFull) throw new Refusal("BAD_REQUEST", simTexts.maxMachines);
    if (account.switches.behaviour.unapprovedTypes.includes(order.type.label)) {
      throw new Refusal("FORBIDDEN", approvalText(order.type.label));
    }
    const done = account.actions.create(order, script);
    if (done.machine.settings.publicIpType === "static") {
      account.ips.claim(region, done.machine.id, account.now);
    }
    return wrap(account, done);
  },

  "machines-list": (input) => {
    const { account, query } = input;
    const region = query["region"] === undefined ? undefined : toSimRegion(query["region"]);
    const machines = account.machines.listed().filter((machine) =>
      (query["region"] === undefined || machine.region === region) &&
      (query["agentType"] ?? machine.agentType) === machine.agentType &&
      (query["machineType"] ?? machine.type.label) === machine.type.label
    );
    const named = filterByName(machines, ({ settings }) => settings.name, input);
    const page = paginate(named, query, {
      dtCreated: ({ createdAt }) => createdAt,
      name: ({ settings }) => settings.name,
      state: (machine) => stateAt(machine, account.now),
    }, account.switches.behaviour);
    return { ...page, items: page.items.map((machine) => render(account, machine)) };
  },

  "machines-get": ({ account, id }) => render(account, account.machines.find(id)),

  "machines-update": ({ account, id, body }) => {
    const machine = account.machines.find(id);
    const change = parseInput(updateMachineInput, body);
    checkSettings(change);
    if (change.networkId !== undefined) checkNetwork(account, change.networkId, machine.region);
    const upgrade = findUpgrade(account, machine, change.machineType, change.diskSize);
    const done = upgrade === undefined
      ? { machine, event: undefined }
      : account.actions.upgrade(id, upgrade.type, upgrade.diskSizeGb);
    account.actions.change(machine, changeSettings(machine.settings, change));
    if (change.publicIpType === "static" && account.ips.of(id) === undefined) {
      account.ips.claim(machine.region, id, account.now);
    }
    return wrap(account, done);
  },

  "machines-delete": ({ account, id }) => wrap(account, account.actions.delete(id)),
  "machines-start": ({ account, id }) => {
    checkStanding(account);
    return wrap(account, account.actions.start(id));
  },
  "machines-stop": ({ account, id }) => wrap(account, account.actions.stop(id)),
  "machines-restart": ({ account, id }) => wrap(account, account.actions.restart(id)),

  "machineEvents-list": ({ account, query }) => {
    const { machineId } = query;
    const events = account.machines.events().filter((event) =>
      machineId === undefined || event.machineId === machineId
    );
    const keys = { dtCreated: ({ createdAt }: { readonly createdAt: number }) => createdAt };
    const page = paginate(events, query, keys, account.switches.behaviour);
    return { ...page, items: page.items.map((event) => renderEvent(event, account.now)) };
  },

  "machineEvents-get": ({ account, id }) => {
    const event = account.machines.events().find((candidate) => candidate.id === id);
    if (event === undefined) throw new Refusal("NOT_FOUND", "Machine event not found");
    return renderEvent(event, account.now);
  },
} satisfies Readonly<Record<string, Operation>>;

function render(account: Account, machine: Machine): Rendered {
  return renderMachine(machine, {
    now: account.now,
    behaviour: account.switches.behaviour,
    publicIp: account.publicIp(machine),
    defaultNetworkId: account.networks.defaultId,
  });
}

function wrap(account: Account, { machine, event }: Done): Rendered {
  return {
    ...(event !== undefined && { event: renderEvent(event, account.now) }),
    data: render(account, machine),
  };
}

/** @throws {Refusal} 404 for the default network, too; 400 for one of another region. */
function checkNetwork(account: Account, id: string, region: string): void {
  if (account.networks.find(id).region !== region) {
    throw new Refusal("BAD_REQUEST", "Private network is not in the region of the machine");
  }
}

/** @throws {Refusal} By text: there is no code for it. */
function checkStanding(account: Account): void {
  const { billing } = account.switches.behaviour;
  if (billing !== "good") throw new Refusal("BAD_REQUEST", simTexts[billing]);
}

/** Other hardware that is asked for. @throws {Refusal} 400 for what cannot be changed. */
function findUpgrade(
  account: Account,
  machine: Machine,
  label: string = machine.type.label,
  diskSizeGb: number = machine.settings.diskSizeGb,
) {
  const type = account.market.type(label);
  if (label === machine.type.label && diskSizeGb === machine.settings.diskSizeGb) return undefined;
  if (type === undefined || type.family !== machine.type.family) {
    throw new Refusal("BAD_REQUEST", `Machine type cannot be changed to ${label}`);
  }
  // Disks only grow.
  checkDisk(diskSizeGb, machine.settings.diskSizeGb);
  return { type, diskSizeGb };
}
