/**
 * A simulated Lambda Cloud: its wire format, stock, boots, bills and bad days.
 *
 * It shares no code with our client of the API, so that a misunderstanding shows on one side only.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { Account, type AccountOptions } from "./account.ts";
import { createApi } from "./api.ts";
import { defaultBehaviour, type LambdaBehaviour } from "./behaviour.ts";
import { createControl } from "./control.ts";
import { FaultQueue } from "./faults.ts";
import type { LambdaCloud } from "./lambda_cloud.ts";

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
  const faults = new FaultQueue();
  const account = new Account(options, options, { ...defaultBehaviour, ...options.behaviour });
  const apiKeys = options.apiKeys ?? [defaultLambdaKey];
  const api = createApi({ clock, account, faults, apiKeys });
  const cloud: LambdaCloud = {
    handler: (request, context) =>
      new URL(request.url).pathname.startsWith("/_control/")
        ? control(request, context)
        : api(request, context),
    run: (signal) => account.run(signal),
    machines: () => account.machines(),
    onMachineRunning: (listener) => account.onMachineRunning(listener),
    onMachineGone: (listener) => account.onMachineGone(listener),
    bill: () => account.bill(),
    stock: () => account.stock(),
    setStock: (type, region, count) => account.setStock(type, region, count),
    setPrice: (type, cents) => account.setPrice(type, cents),
    setBehaviour: (change) => {
      account.behaviour = { ...account.behaviour, ...change };
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    preempt: (id) => account.preempt(id),
    breakDown: (id) => account.breakDown(id),
  };
  const control = createControl(cloud, () => ({
    behaviour: account.behaviour,
    faults: faults.list(),
  }));
  return cloud;
}
