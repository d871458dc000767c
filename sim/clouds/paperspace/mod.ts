/**
 * A simulated Paperspace: its wire format, stock, late failures, bills and bad days.
 *
 * It shares no code with our client of the API, so that a misunderstanding shows on one side only.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { FaultQueue } from "../faults.ts";
import { Account } from "./account.ts";
import { addForeignMachines } from "./foreign_machines.ts";
import { createApi } from "./api.ts";
import { defaultBehaviour, type PaperspaceBehaviour, type Switches } from "./behaviour.ts";
import { toBillLine, toDynamicIpBillLines, toStaticIpBillLine } from "./bill.ts";
import type { SimStock } from "./catalog.ts";
import { createControl } from "./control.ts";
import type { PaperspaceFaultAnswer, PaperspaceOperation } from "./faults.ts";
import { toPoweredMachine } from "./machine_view.ts";
import { Market } from "./market.ts";
import type { PaperspaceCloud } from "./paperspace_cloud.ts";
import type { SimCustomTemplate } from "./templates.ts";

/** The key that works unless others are given. */
export const defaultPaperspaceKey = "simulated-paperspace-key";

/** How to make a {@linkcode PaperspaceCloud}. */
export interface PaperspaceCloudOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys of the team. @default {[defaultPaperspaceKey]} */
  readonly apiKeys?: readonly string[] | undefined;
  /** Keys of another team, which has nothing and rents from the same stock. @default {[]} */
  readonly otherApiKeys?: readonly string[] | undefined;
  /** The team's id, by which accounts are told apart. @default {"tq7w1m3zc8"} */
  readonly teamId?: string | undefined;
  readonly behaviour?: Partial<PaperspaceBehaviour> | undefined;
  readonly stock?: SimStock | undefined;
  readonly customTemplates?: readonly SimCustomTemplate[] | undefined;
}

/** Makes a simulated Paperspace. */
export function createPaperspaceCloud(options: PaperspaceCloudOptions): PaperspaceCloud {
  const { clock, random, customTemplates, teamId = "tq7w1m3zc8" } = options;
  const switches: Switches = { behaviour: { ...defaultBehaviour, ...options.behaviour } };
  const faults = new FaultQueue<PaperspaceOperation, PaperspaceFaultAnswer>();
  const market = new Market(options.stock);
  const deps = { clock, random, switches, market };
  const account = new Account(deps, { teamId, customTemplates });
  const other = new Account(deps, { teamId: `${teamId}other` });
  const { machines, scripts, ips } = account;
  const accounts = new Map([
    ...(options.otherApiKeys ?? []).map((key) => [key, other] as const),
    ...(options.apiKeys ?? [defaultPaperspaceKey]).map((key) => [key, account] as const),
  ]);
  const api = createApi({ clock, switches, faults, accounts, anonymous: account });
  const now = () => clock.now();

  const cloud: PaperspaceCloud = {
    provider: "paperspace",
    handler: (request, context) =>
      new URL(request.url).pathname.startsWith("/_control/")
        ? control(request, context)
        : api(request, context),
    run: (signal) => account.power.run(signal),
    bill: () => machines.all().map((machine) => toBillLine(machine, now())),
    ipBill: () => [
      ...ips.all().map((ip) => toStaticIpBillLine(ip, now())),
      ...machines.all().flatMap((machine) => toDynamicIpBillLines(machine, now())),
    ],
    poweredMachines: () => machines.running().map(({ id }) => toPoweredMachine(account.view(id))),
    onPowerChange: (listener) => account.power.onChange(listener),
    machines: () => account.views(),
    startupScripts: () =>
      scripts.all().map(({ id, name, text, isRunOnce, deletedAt }) => ({
        id,
        name,
        text,
        isRunOnce,
        deleted: deletedAt !== undefined,
        assignedMachineIds: machines.assignedTo(id).map((machine) => machine.id),
      })),
    publicIps: () =>
      ips.all().map(({ ip, region, machineId, releasedAt }) => ({
        ip,
        region,
        machineId: account.machineOf(machineId),
        released: releasedAt !== undefined,
      })),
    stock: () => {
      account.settle();
      return market.stock();
    },
    setStock: (machineType, region, count) => market.setStock(machineType, region, count),
    setPrice: (machineType, usd) => market.setPrice(machineType, usd),
    setBehaviour: (change) => {
      switches.behaviour = { ...switches.behaviour, ...change };
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    addForeignMachines: (count) => addForeignMachines(account, count),
    vanish: (id) => {
      account.actions.vanish(id);
      account.settle();
      account.power.wake();
    },
    switchOff: (id) => {
      account.actions.switchOff(id);
      account.settle();
      account.power.wake();
    },
  };
  const control = createControl(cloud, () => ({
    behaviour: switches.behaviour,
    faults: faults.list(),
  }));
  return cloud;
}
