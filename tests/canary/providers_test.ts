/**
 * Every adapter before vendors that repeat what they were sent: neither errors nor outcomes, logs or
 * metrics hold any of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Provider } from "../../providers/contract.ts";
import { createProvider, providerNames } from "../../providers/registry.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { providerEntrySchema } from "../../schemas/node_class.ts";
import { drive, Recorder } from "../providers/provider_world.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { findLeaks, toExposedText } from "../support/leaks.ts";
import { readRecordedClouds, type RecordedCloud } from "../support/recordings.ts";
import { canaries, canaryKey, canaryUserData } from "./canaries.ts";
import { type Echo, echoes, readSecrets } from "./echoes.ts";

const never = new AbortController().signal;
const id = "5e1f0c9a7b3d4e2f8a6c0d1b2f3e4a5c";

const operations: Readonly<
  Record<string, (provider: Provider, cloud: RecordedCloud) => Promise<unknown>>
> = {
  verifyCredentials: (provider) => provider.verifyCredentials(never),
  checkAccount: (provider) => provider.checkAccount(never),
  listInstances: (provider) => provider.listInstances(never),
  getInstance: (provider) => provider.getInstance(id, never),
  terminate: (provider) => provider.terminate(id, never),
  listOffers: (provider) => provider.listOffers({}, never),
  getPricing: (provider) => provider.getPricing("A100-SXM4-80GB", "us-east-1", never),
  removeLeftovers: (provider) => provider.removeLeftovers(() => false, never),
  launch,
};

async function launch(provider: Provider, { order }: RecordedCloud): Promise<unknown> {
  const permit = await provider.acquireLaunch(never);
  return await provider.launch(
    {
      name: "tgp-abc123-train-q7x2k9",
      claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
      nodePool: "train",
      instanceType: "any",
      region: "any",
      capacityType: "on-demand",
      workload: { kind: "machine", userData: canaryUserData },
      sendBefore: Infinity,
      ...hideCanaries(order),
    },
    permit,
    never,
  );
}

/** A container is told its secrets by its environment. */
function hideCanaries(order: RecordedCloud["order"]): RecordedCloud["order"] {
  const { workload } = order;
  if (typeof workload !== "object" || workload === null || !("env" in workload)) return order;
  return { ...order, workload: { ...workload, env: { USER_DATA: canaryUserData } } };
}

/** All that one call let out. @param first Which secret of a request is repeated first. */
async function callOnce(
  cloud: RecordedCloud,
  operation: string,
  echo: Echo,
  first: number,
): Promise<string> {
  const clock = new FakeClock();
  const recorder = new Recorder();
  let asked = first;
  const provider = createProvider(
    providerEntrySchema.parse({
      name: cloud.name,
      credentialsRef: { name: "keys", key: "key" },
      ...cloud.entry,
    }),
    {
      apiKey: canaryKey,
      clusterId: "abc123",
      fetch: async (request) => {
        const secrets = await readSecrets(request);
        return echo.answer(secrets[asked++ % secrets.length] ?? "");
      },
      clock,
      random: createSeededRandom(1),
      log: recorder.log,
      metrics: recorder.metrics,
    },
  );
  const calling = operations[operation]?.(provider, cloud) ?? Promise.reject(new Error("no such"));
  const result: unknown = await drive({ clock, inFlight: () => 0 }, calling).catch((error) =>
    error
  );
  return `${toExposedText(result)}\n${toExposedText(provider.openBreakers())}\n${recorder.text}`;
}

const recorded = await readRecordedClouds();

Deno.test("every cloud takes part", () => {
  assert.deepEqual(recorded.map(({ name }) => name), [...providerNames].sort());
});

for (const cloud of recorded) {
  for (const operation of Object.keys(operations)) {
    Deno.test(`${cloud.name}: ${operation} repeats nothing that the vendor repeats`, async () => {
      const found: unknown[] = [];
      for (const echo of echoes) {
        for (const first of [0, 1]) {
          const leaks = findLeaks(await callOnce(cloud, operation, echo, first), canaries);
          if (leaks.length > 0) found.push([echo.name, ...leaks]);
        }
      }
      assert.deepEqual(found, []);
    });
  }
}
