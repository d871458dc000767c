/**
 * Lambda's worlds for the conformance suite.
 *
 * @module
 */

import type { ProviderEntry } from "../../../schemas/node_class.ts";
import {
  type LambdaFaultAnswer,
  lambdaFaults,
  type LambdaOperation,
} from "../../../sim/clouds/lambda/faults.ts";
import type { LambdaCloud } from "../../../sim/clouds/lambda/lambda_cloud.ts";
import { createLambdaCloud, type LambdaCloudOptions } from "../../../sim/clouds/lambda/mod.ts";
import type { Handler } from "../../../sim/handler.ts";
import {
  type ProviderWorld,
  type Purpose,
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
export const canaryKey = "secret_canary_4f1b2c3d5e6f7a8b9c0d";
/** Must appear nowhere. */
export const canaryUserData =
  "#cloud-config\n# token abcdef.0123456789abcdef\nruncmd: [canary-line]\n";

const operations: Readonly<Record<Purpose, LambdaOperation>> = {
  launch: "launchInstance",
  terminate: "terminateInstance",
  get: "getInstance",
  list: "listInstances",
  offers: "listInstanceTypes",
  verify: "listSSHKeys",
};

const answers: Readonly<Record<Spoiling, LambdaFaultAnswer>> = {
  ...lambdaFaults,
  mistyped: { kind: "raw", status: 200, body: '{"data":17,"extra":null}' },
};

const purposes: Purposes = [
  [/launch$/, "launch"],
  [/terminate$/, "terminate"],
  [/instances\/.+/, "get"],
  [/instances$/, "list"],
  [/instance-types$/, "offers"],
  [/ssh-keys$/, "verify"],
];

/** An entry for one Lambda account. */
export function lambdaEntry(change: Partial<ProviderEntry> = {}): ProviderEntry {
  return {
    name: "lambda",
    credentialsRef: { name: "clouds", key: "lambda" },
    lambda: { sshKeyName: "tgp" },
    ...change,
  };
}

/** A world whose cloud can also be reached directly. */
export interface LambdaWorld extends ProviderWorld {
  readonly cloud: LambdaCloud;
}

/** Makes a world. */
export async function createLambdaWorld(
  transport: Transport,
  options: Partial<LambdaCloudOptions> & WorldChange & { readonly entry?: ProviderEntry } = {},
): Promise<LambdaWorld> {
  const { apiKey = canaryKey, skewMs = 0, entry = lambdaEntry(), ...rest } = options;
  const ground = createGround(skewMs);
  const { clock, cloudClock, random } = ground;
  const cloud = createLambdaCloud({
    clock: cloudClock,
    random,
    apiKeys: [canaryKey],
    ...rest,
  });
  // One simulated Lambda has one account: another one stands behind the same address.
  const another = createLambdaCloud({ clock, random, apiKeys: [strangersKey] });
  const handler: Handler = (request, context) =>
    (request.headers.get("authorization")?.endsWith(strangersKey) ? another : cloud)
      .handler(request, context);
  const { connectWith, ...shared } = await connectWorld(ground, {
    transport,
    handler,
    classify: (request) => classifyBy(purposes, request),
    entry,
  });
  const order = (name: string, instanceType: string) =>
    buildOrder({
      name,
      instanceType,
      region: "us-east-1",
      workload: { kind: "machine", userData: canaryUserData },
      sendBefore: clock.now() + 60_000,
    });
  return {
    ...shared,
    ...createSwitches(cloud, operations, answers),
    provider: connectWith(apiKey),
    cloud,
    secrets: [canaryKey, "abcdef.0123456789abcdef", "runcmd: [canary-line]"],
    machines: () =>
      cloud.machines().map(({ id, name, state }) => ({
        id,
        name,
        state: /^(terminat|preempt)/.test(state) ? "ended" : "alive",
      })),
    order: (name) => order(name, "gpu_1x_a10"),
    soldOutOrder: (name) => order(name, "gpu_1x_gh200"),
    strike: (misfortune) => {
      switch (misfortune) {
        case "quota":
          return cloud.setBehaviour({ maxMachines: 0 });
        case "billing":
          return cloud.setBehaviour({ accountInactive: true });
        case "revoked":
          return cloud.setBehaviour({ revoked: true });
        case "throttled":
          return cloud.addFault({
            operation: "*",
            answer: { kind: "raw", status: 429, body: "", headers: { "retry-after": "7" } },
            times: 100,
          });
      }
    },
    refuseTerminateWhileBooting: () => cloud.setBehaviour({ terminateWhileBooting: "refuse" }),
    // One answer holds everything.
    breakList: () => false,
    throttle: (purpose, times, retryAfterSeconds) =>
      cloud.addFault({
        operation: operations[purpose],
        answer: {
          kind: "raw",
          status: 429,
          body: "",
          ...(retryAfterSeconds !== undefined &&
            { headers: { "retry-after": String(retryAfterSeconds) } }),
        },
        times,
      }),
    boot: () => clock.advance(15 * 60_000),
    end: () => clock.advance(5 * 60_000),
  };
}
