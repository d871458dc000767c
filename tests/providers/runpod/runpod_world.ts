/**
 * RunPod's worlds for the conformance suite: one cloud, asked by REST or by GraphQL.
 *
 * @module
 */

import type { LaunchRequest } from "../../../providers/contract.ts";
import type { RunpodOptions } from "../../../schemas/clouds/runpod.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import {
  type RunpodFaultAnswer,
  runpodFaults,
  type RunpodOperation,
} from "../../../sim/clouds/runpod/faults.ts";
import { createRunpodCloud, type RunpodCloudOptions } from "../../../sim/clouds/runpod/mod.ts";
import type { RunpodCloud } from "../../../sim/clouds/runpod/runpod_cloud.ts";
import {
  type ProviderWorld,
  type Purpose,
  type SeenRequest,
  type Spoiling,
  strangersKey,
  type Transport,
  type WorldChange,
} from "../provider_world.ts";
import {
  buildOrder,
  classifyBy,
  connectWorld,
  createGround,
  createSwitches,
  type Purposes,
} from "../world_ground.ts";

/** Must appear nowhere. */
export const canaryKey = "rpa_Zq7Xw3Kp9Rt5Vb2Nm8Lc4Hd6";
/** Must appear nowhere. */
export const canaryEnvironment = "hunter2-Ft6Yg1Jw8Qx4Sn7Bv3";

/** A protocol, as the block names it. */
export type Protocol = NonNullable<RunpodOptions["protocol"]>;

const operations: Readonly<Record<Protocol, Readonly<Record<Purpose, RunpodOperation>>>> = {
  REST: {
    launch: "createPod",
    terminate: "deletePod",
    get: "getPod",
    list: "listPods",
    offers: "listGpuTypes",
    // Whose key it is, only GraphQL tells.
    verify: "myself",
  },
  GraphQL: {
    launch: "podFindAndDeployOnDemand",
    terminate: "podTerminate",
    get: "pod",
    list: "myself.pods",
    offers: "gpuTypes",
    verify: "myself",
  },
};

const answers: Readonly<Record<Spoiling, RunpodFaultAnswer>> = {
  ...runpodFaults,
  unavailable: runpodFaults.empty503,
  mistyped: { kind: "raw", status: 200, body: '{"data":17,"extra":null}' },
};

const restPurposes: Purposes = [
  [/^POST .*\/pods$/, "launch"],
  [/^DELETE /, "terminate"],
  [/^GET .*\/pods\/./, "get"],
  [/^GET .*\/pods$/, "list"],
  [/\/catalog\/gpus$/, "offers"],
];

const graphqlPurposes: Readonly<Record<string, Purpose>> = {
  CreatePod: "launch",
  CreateSpotPod: "launch",
  TerminatePod: "terminate",
  GetPod: "get",
  ListPods: "list",
  Catalog: "offers",
  CountryStock: "offers",
  SpotPrices: "offers",
  Myself: "verify",
};

async function classify(request: Request): Promise<SeenRequest> {
  const seen = classifyBy(restPurposes, request);
  if (!seen.text.endsWith("/graphql")) return seen;
  const { operationName } = await request.json();
  return {
    purpose: graphqlPurposes[operationName] ?? "other",
    text: `${seen.text} ${operationName}`,
  };
}

/** An entry for one RunPod account. */
export function runpodEntry(
  runpod: RunpodOptions = {},
  change: Partial<ProviderEntry> = {},
): ProviderEntry {
  return {
    name: "runpod",
    credentialsRef: { name: "clouds", key: "runpod" },
    runpod,
    ...change,
  };
}

/** An order of a container that keeps a secret. */
export function containerOrder(
  name: string,
  sendBefore: number,
  change: Partial<LaunchRequest> = {},
): LaunchRequest {
  const order = buildOrder({
    name,
    instanceType: "1x NVIDIA GeForce RTX 4090",
    region: "EU-RO-1",
    workload: {
      kind: "container",
      image: "registry.example.com/team/trainer:1.4.2",
      args: ["train", "--steps=10"],
      env: { API_TOKEN: canaryEnvironment },
      ports: ["22/tcp", "8080/http"],
      diskGb: 50,
    },
    sendBefore,
  });
  return { ...order, ...change };
}

/** A world whose cloud can also be reached directly. */
export interface RunpodWorld extends ProviderWorld {
  readonly cloud: RunpodCloud;
}

/** How a world of RunPod differs from the usual. */
export type RunpodWorldOptions =
  & Partial<RunpodCloudOptions>
  & WorldChange
  & { readonly entry?: ProviderEntry };

/** Makes a world. */
export async function createRunpodWorld(
  transport: Transport,
  options: RunpodWorldOptions = {},
): Promise<RunpodWorld> {
  const { apiKey = canaryKey, skewMs = 0, entry = runpodEntry(), ...rest } = options;
  const ground = createGround(skewMs);
  const { clock, cloudClock, random } = ground;
  const cloud = createRunpodCloud({
    clock: cloudClock,
    random,
    apiKeys: [canaryKey],
    strangersKeys: [strangersKey],
    ...rest,
  });
  const { connectWith, ...shared } = await connectWorld(ground, {
    transport,
    handler: cloud.handler,
    classify,
    entry,
  });
  const byPurpose = operations[entry.runpod?.protocol ?? "REST"];
  const sendBefore = () => clock.now() + 60_000;
  return {
    ...shared,
    ...createSwitches(cloud, byPurpose, answers),
    provider: connectWith(apiKey),
    cloud,
    secrets: [canaryKey, canaryEnvironment],
    machines: () =>
      cloud.machines().map(({ id, name, state }) => ({
        id,
        name,
        state: /terminat|gone/i.test(state) ? "ended" : "alive",
      })),
    order: (name) => containerOrder(name, sendBefore()),
    soldOutOrder: (name) =>
      containerOrder(name, sendBefore(), { instanceType: "1x NVIDIA B200", region: "EU-RO-1" }),
    strike: (misfortune) => {
      switch (misfortune) {
        case "quota":
          return cloud.setBehaviour({ maxMachines: 0 });
        case "billing":
          return cloud.setBalance(0);
        case "revoked":
          return cloud.setBehaviour({ revoked: true });
        case "throttled":
          return cloud.addFault({ operation: "*", answer: throttle(7), times: 100 });
      }
    },
    refuseTerminateWhileBooting: () => cloud.setBehaviour({ terminate: "refuseWhileBooting" }),
    breakList: () => {
      // GraphQL leaves a pod out and says so; REST announces a page that it never gives.
      cloud.setBehaviour({ partialList: true, pageSize: 100, ignoresCursor: true });
      return true;
    },
    throttle: (purpose, times, retryAfterSeconds) =>
      cloud.addFault({ operation: byPurpose[purpose], answer: throttle(retryAfterSeconds), times }),
    boot: () => clock.advance(5 * 60_000),
    end: () => clock.advance(60_000),
  };
}

function throttle(seconds: number | undefined): RunpodFaultAnswer {
  return {
    kind: "raw",
    status: 429,
    body: "",
    ...(seconds !== undefined && { headers: { "retry-after": String(seconds) } }),
  };
}
