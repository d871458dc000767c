/**
 * Machines at the plugin's simulated clouds, rented as the controller rents them.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LaunchRequest } from "../../providers/contract.ts";
import { createProvider } from "../../providers/registry.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";
import type { FakeClock } from "./fake_clock.ts";
import type { PluginClouds } from "./plugin_clouds.ts";

/** What each cloud has in stock. */
const goods: Readonly<Record<string, Pick<LaunchRequest, "instanceType" | "region" | "workload">>> =
  {
    lambda: {
      instanceType: "gpu_1x_a10",
      region: "us-east-1",
      workload: { kind: "machine", userData: "#cloud-config\n" },
    },
    paperspace: {
      instanceType: "A4000",
      region: "ny2",
      workload: { kind: "machine", userData: "#!/bin/bash\n" },
    },
    runpod: {
      instanceType: "1x NVIDIA GeForce RTX 4090",
      region: "EU-RO-1",
      workload: { kind: "container", image: "i", args: [], env: {}, ports: [], diskGb: 20 },
    },
  };

/** Rents a machine under a name. @returns Its id. */
export async function rentMachine(
  clouds: PluginClouds,
  clock: FakeClock,
  cloudName: string,
  machineName: string,
): Promise<string> {
  const cloud = clouds.clouds.get(cloudName) ?? assert.fail(cloudName);
  const provider = createProvider({
    name: cloudName,
    credentialsRef: { name: "n", key: "k" },
    ...(cloudName === "lambda" ? { lambda: { sshKeyName: "tgp" } } : {}),
  }, {
    apiKey: clouds.keys.get(cloudName) ?? "",
    clusterId: machineName.split("-")[1] ?? "",
    fetch: createInProcessFetch(cloud.handler),
    baseUrl: `http://${cloudName}.test`,
    clock,
    random: createSeededRandom(11),
    log: silentLog,
    metrics: silentMetrics,
  });
  const { signal } = new AbortController();
  const order = async () => {
    const permit = await provider.acquireLaunch(signal);
    return await provider.launch(
      {
        name: machineName,
        claimUid: crypto.randomUUID(),
        nodePool: "train",
        capacityType: "on-demand",
        sendBefore: clock.now() + 60_000,
        ...goods[cloudName] ?? assert.fail(cloudName),
      },
      permit,
      signal,
    );
  };
  // Lambda takes an order every twelve seconds.
  await clock.advance(15_000);
  const outcome = await passTime(clock, order());
  assert.ok(outcome.kind === "launched", JSON.stringify(outcome));
  return outcome.instanceId;
}

/** Lets time pass until something has ended. */
export async function passTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let done = false;
  work.then(() => done = true, () => done = true);
  while (!done) await clock.advance(500);
  return await work;
}
