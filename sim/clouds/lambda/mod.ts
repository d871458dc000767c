/**
 * A simulated Lambda Cloud: its wire format, stock, boots, bills and bad days.
 *
 * It shares no code with our client of the API, so that a misunderstanding shows on one side only.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import type { Machine } from "../../kubelet/machine.ts";
import { Account, type AccountOptions } from "./account.ts";
import { createApi } from "./api.ts";
import { defaultBehaviour, type LambdaBehaviour } from "./behaviour.ts";
import { createControl } from "./control.ts";
import { FaultQueue } from "../faults.ts";
import type { LambdaFaultAnswer, LambdaOperation } from "./faults.ts";
import type { LambdaCloud } from "./lambda_cloud.ts";
import type { MachineView } from "./machine_view.ts";

/** The key that works unless others are given. */
export const defaultLambdaKey = "secret_simulated_lambda_key";

/** How to make a {@linkcode LambdaCloud}. */
export interface LambdaCloudOptions extends AccountOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys that work. @default {[defaultLambdaKey]} */
  readonly apiKeys?: readonly string[] | undefined;
  readonly behaviour?: Partial<LambdaBehaviour> | undefined;
}

/** Makes a simulated Lambda Cloud. */
export function createLambdaCloud(options: LambdaCloudOptions): LambdaCloud {
  const { clock } = options;
  const faults = new FaultQueue<LambdaOperation, LambdaFaultAnswer>();
  const account = new Account(options, options, { ...defaultBehaviour, ...options.behaviour });
  const apiKeys = options.apiKeys ?? [defaultLambdaKey];
  const api = createApi({ clock, account, faults, apiKeys });
  const cloud: LambdaCloud = {
    provider: "lambda",
    handler: (request, context) =>
      new URL(request.url).pathname.startsWith("/_control/")
        ? control(request, context)
        : api(request, context),
    run: (signal) => account.power.run(signal),
    machines: () => account.machines(),
    onMachineRunning: (listener) => account.power.onStart(listener),
    onMachineGone: (listener) => account.power.onStop(listener),
    bill: () => account.bill(),
    poweredMachines: () =>
      account.machines().filter(({ state }) => state === "active").map(toPoweredMachine),
    onPowerChange: (listener) => account.power.onChange(listener),
    stock: () => account.stock(),
    setStock: (type, region, count) => account.market.setStock(type, region, count),
    setPrice: (type, cents) => account.market.setPrice(type, cents),
    setBehaviour: (change) => {
      account.behaviour = { ...account.behaviour, ...change };
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    addForeignMachines: (count) => account.addForeignMachines(count),
    preempt: (id) => account.preempt(id),
    breakDown: (id) => account.breakDown(id),
  };
  const control = createControl(cloud, () => ({
    behaviour: account.behaviour,
    faults: faults.list(),
  }));
  return cloud;
}

/** As kubelets see it: power comes with `active`. */
function toPoweredMachine({ id, ip, privateIp, userData, instanceType }: MachineView): Machine {
  const { specs } = instanceType;
  return {
    id,
    userData,
    privateAddress: privateIp,
    publicAddress: ip,
    gpuCount: specs.gpus,
    cpuCount: specs.vcpus,
    memoryGiB: specs.memory_gib,
    storageGiB: specs.storage_gib,
    // Lambda's only Arm machines carry Grace superchips.
    arch: instanceType.name.includes("gh200") ? "arm64" : "amd64",
  };
}
