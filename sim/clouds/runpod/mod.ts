/**
 * A simulated RunPod: one account behind GraphQL and REST v2, with stock, boots, bills and bad days.
 *
 * It shares no code with our client of the API, so that a misunderstanding shows on one side only.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Random } from "../../../runtime/random.ts";
import { FaultQueue } from "../faults.ts";
import { Account } from "./account.ts";
import { defaultBehaviour, type RunpodBehaviour } from "./behaviour.ts";
import { createControl } from "./control.ts";
import { createEdge } from "./edge.ts";
import type { RunpodFaultAnswer, RunpodOperation } from "./faults.ts";
import { createGraphqlApi } from "./graphql_api.ts";
import { Market } from "./market.ts";
import { type Pod, stateAt } from "./pod.ts";
import type { ApiDeps } from "./api_deps.ts";
import { createRestApi } from "./rest_api.ts";
import type { PodView, RunpodCloud } from "./runpod_cloud.ts";
import { defaultStock, type Stock } from "./stock.ts";

/** The key that works unless others are given. */
export const defaultRunpodKey = "rpa_simulated_runpod_key";

/** How to make a {@linkcode RunpodCloud}. */
export interface RunpodCloudOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys that work. @default {[defaultRunpodKey]} */
  readonly apiKeys?: readonly string[] | undefined;
  /** Keys without the right to the account, such as those inside pods. @default {[]} */
  readonly restrictedKeys?: readonly string[] | undefined;
  /** Keys of somebody else's account, which has no pods. @default {[]} */
  readonly strangersKeys?: readonly string[] | undefined;
  /** What the account has to spend, in USD. @default {1000} */
  readonly balanceUsd?: number | undefined;
  readonly stock?: Stock | undefined;
  readonly behaviour?: Partial<RunpodBehaviour> | undefined;
}

/** Makes a simulated RunPod. */
export function createRunpodCloud(options: RunpodCloudOptions): RunpodCloud {
  const { clock, random, balanceUsd = 1_000, apiKeys = [defaultRunpodKey] } = options;
  let current: RunpodBehaviour = { ...defaultBehaviour, ...options.behaviour };
  const behaviour = () => current;
  const faults = new FaultQueue<RunpodOperation, RunpodFaultAnswer>();
  const market = new Market(options.stock ?? defaultStock, () => current.phantomStock);
  const account = new Account({ clock, random, market, behaviour }, balanceUsd);
  const stranger = new Account({ clock, random, market, behaviour }, balanceUsd);
  const keyring = {
    owners: new Map([
      ...apiKeys.map((key) => [key, account] as const),
      ...(options.strangersKeys ?? []).map((key) => [key, stranger] as const),
    ]),
    restricted: new Set(options.restrictedKeys ?? []),
  };
  const deps: ApiDeps = { clock, market, keyring, faults, behaviour };
  const edge = createEdge({
    clock,
    behaviour,
    rest: createRestApi(deps),
    graphql: createGraphqlApi(deps),
  });
  const cloud: RunpodCloud = {
    provider: "runpod",
    userId: account.userId,
    handler: (request, context) =>
      new URL(request.url).pathname.startsWith("/_control/")
        ? control(request, context)
        : edge(request, context),
    run: (signal) => account.fleet.watch.run(signal),
    machines: () => account.fleet.all().map((pod) => toView(pod, clock.now())),
    bill: () => account.fleet.bill(),
    poweredMachines: () => [],
    onPowerChange: (listener) => account.fleet.watch.onChange(listener),
    stock: () => {
      account.fleet.settle();
      return market.stock();
    },
    setStock: (type, place, count) => market.setStock(type, place, count),
    setPrice: (type, onCloud, usd) => market.setPrice(type, onCloud, usd),
    setBalance: (usd) => account.fleet.setBalance(usd),
    setBehaviour: (change) => {
      current = { ...current, ...change };
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    addForeignMachines: (count) => account.addForeignPods(count),
    addServerlessWorkers: (count) => account.addForeignPods(count, "ep0123456789ab"),
    preempt: (id) => account.preempt(id),
  };
  const control = createControl(cloud, () => ({ behaviour: current, faults: faults.list() }));
  return cloud;
}

function toView(pod: Pod, now: number): PodView {
  const { order, placement } = pod;
  return {
    id: pod.id,
    name: order.name,
    state: stateAt(pod, now),
    gpuTypeId: order.gpuTypeId,
    gpuCount: order.gpuCount,
    vcpuCount: placement.host.vcpuPerGpu * order.gpuCount,
    memoryGb: placement.host.memoryPerGpuGb * order.gpuCount,
    containerDiskGb: order.containerDiskGb,
    isSpot: order.bidPerGpu !== undefined,
    region: placement.place,
    image: order.image,
    args: order.args,
    env: pod.env,
    ports: order.ports,
    launchedAt: pod.createdAt,
  };
}
