/**
 * Lambda's worlds for the conformance suite.
 *
 * @module
 */

import { createServer } from "node:net";
import type { LaunchRequest } from "../../../providers/contract.ts";
import type { Fetch } from "../../../providers/provider_deps.ts";
import { createProvider } from "../../../providers/registry.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import {
  commonFaults,
  type FaultAnswer,
  type LambdaOperation,
} from "../../../sim/clouds/lambda/faults.ts";
import type { LambdaCloud } from "../../../sim/clouds/lambda/lambda_cloud.ts";
import { createLambdaCloud, type LambdaCloudOptions } from "../../../sim/clouds/lambda/mod.ts";
import type { Handler } from "../../../sim/handler.ts";
import { createInProcessFetch } from "../../../sim/in_process_fetch.ts";
import { serve } from "../../../sim/serve.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type ProviderWorld, type Purpose, Recorder, type Spoiling } from "../provider_world.ts";

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

const answers: Readonly<Record<Spoiling, FaultAnswer>> = {
  ...commonFaults,
  mistyped: { kind: "raw", status: 200, body: '{"data":17,"extra":null}' },
  truncate: { kind: "truncate" },
  stall: { kind: "stall" },
};

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
  transport: "in process" | "over sockets",
  options: Partial<LambdaCloudOptions> & { readonly entry?: ProviderEntry } = {},
): Promise<LambdaWorld> {
  const clock = new FakeClock();
  const recorder = new Recorder();
  const random = createSeededRandom(7);
  const cloud = createLambdaCloud({ clock, random, apiKeys: [canaryKey], ...options });
  const requests: string[] = [];
  const handler: Handler = (request, context) => {
    requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return cloud.handler(request, context);
  };
  let reachable = true;
  let underWay = 0;
  const connection = transport === "in process"
    ? connectInProcess(handler, () => reachable)
    : await connectOverSockets(handler, () => reachable);
  const provider = createProvider(options.entry ?? lambdaEntry(), {
    apiKey: canaryKey,
    clusterId: "abc123",
    fetch: async (request) => {
      underWay++;
      try {
        return await connection.fetch(request);
      } finally {
        underWay--;
      }
    },
    baseUrl: connection.url,
    clock,
    random,
    log: recorder.log,
    metrics: recorder.metrics,
  });
  const order = (name: string, instanceType: string): LaunchRequest => ({
    name,
    claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
    nodePool: "train",
    instanceType,
    region: "us-east-1",
    capacityType: "on-demand",
    workload: { kind: "machine", userData: canaryUserData },
    sendBefore: clock.now() + 60_000,
  });
  return {
    provider,
    clock,
    cloud,
    recorder,
    secrets: [canaryKey, "abcdef.0123456789abcdef", "runcmd: [canary-line]"],
    inFlight: () => underWay,
    requests: () => requests,
    machines: () => cloud.machines(),
    order: (name) => order(name, "gpu_1x_a10"),
    soldOutOrder: (name) => order(name, "gpu_1x_gh200"),
    spoil: (purpose, spoiling, { takesEffect = false, times = 1 } = {}) =>
      cloud.addFault({
        operation: operations[purpose],
        answer: answers[spoiling],
        takesEffect,
        times,
      }),
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
    lagLists: (ms) => cloud.setBehaviour({ listLagMs: ms }),
    refuseTerminateWhileBooting: () => cloud.setBehaviour({ terminateWhileBooting: "refuse" }),
    boot: () => clock.advance(15 * 60_000),
    disconnect: () => {
      reachable = false;
    },
    close: () => connection.close(),
  };
}

interface Connection {
  readonly fetch: Fetch;
  readonly url: string;
  close(): Promise<void>;
}

function connectInProcess(handler: Handler, isReachable: () => boolean): Connection {
  return {
    fetch: createInProcessFetch(handler, { isReachable }),
    url: "http://lambda.test",
    close: () => Promise.resolve(),
  };
}

async function connectOverSockets(
  handler: Handler,
  isReachable: () => boolean,
): Promise<Connection> {
  const served = await serve(handler);
  const deadPort = await findClosedPort();
  return {
    fetch: (request) => {
      if (isReachable()) return fetch(request);
      const url = new URL(request.url);
      url.port = String(deadPort);
      return fetch(new Request(url, request));
    },
    url: served.url,
    close: () => served.close(),
  };
}

/** A port that refuses connections: one that was just given back. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}
