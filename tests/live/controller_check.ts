/**
 * The real controller with real accounts, on an in-memory cluster without pools: it verifies keys, lists
 * machines, reads offers and publishes them. It has nothing to buy for, and could not: only reads are let
 * through to the vendors.
 *
 * @module
 */

import assert from "node:assert/strict";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { createController } from "../../controller/controller.ts";
import { defaultBatchWindow } from "../../controller/provisioner/batcher.ts";
import { createKubeClient } from "../../kube/client.ts";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import type { ProviderStatus } from "../../schemas/node_class.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import { applyObjects, readKustomization } from "../../sim/demo/apply_manifests.ts";
import { cut } from "../../sim/handler.ts";
import { findLeaks } from "../support/leaks.ts";
import type { LiveAccount } from "./live_accounts.ts";
import { onlyReads } from "./live_traffic.ts";
import { say } from "./say.ts";

/** Longest time until all accounts are known, in milliseconds: the slowest offers take half a minute. */
const patienceMs = 3 * 60_000;

/** Runs until every account is verified and its offers are published. */
export async function checkController(accounts: readonly LiveAccount[]): Promise<void> {
  const api = createApiServer({ clock: systemClock, random: systemRandom });
  const transport = createHandlerTransport(async (request) => {
    const response = await api.handler(request, { peer: adminPeer });
    if (response === cut) throw new TypeError("the connection was cut");
    return response;
  });
  const kube = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  const refused: string[] = [];
  const stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  try {
    await applyObjects(
      kube,
      await readKustomization(
        new URL("../../manifests/overlays/controller-outside/", import.meta.url),
      ),
    );
    await applyObjects(kube, toObjects(accounts));
    const controller = createController({
      kube,
      clock: systemClock,
      wallClock: systemClock,
      monotonicMs: () => performance.now(),
      random: systemRandom,
      log: silentLog,
      metrics: silentMetrics,
      fetch: onlyReads((request) => fetch(request), (what) => refused.push(what)),
      vendorUrls: Object.fromEntries(accounts.map(({ name, baseUrl }) => [name, baseUrl])),
    }, {
      namespace: "tgp-system",
      credentialNamespaces: [],
      identity: "live",
      caBundle: undefined,
      pollIntervals: defaultPollIntervals,
      batchWindow: defaultBatchWindow,
    });
    running = controller.run(stop.signal);
    const statuses = await waitForStatuses(async () =>
      (await kube.get(nodeClasses, { name: "live" })).status?.providers ?? []
    );
    for (const { name, reason, message, offers, availableOffers } of statuses) {
      say(`controller: ${name} ${reason}: ${message}; ${offers} offers, ${availableOffers} to buy`);
    }
    assert.deepEqual(statuses.filter((status) => !isKnown(status)), []);
    assert.deepEqual(findLeaks(JSON.stringify(statuses), accounts.map(({ apiKey }) => apiKey)), []);
    assert.deepEqual(refused, [], "something tried to write at a vendor");
  } finally {
    stop.abort(new Error("the live test ends"));
    await running;
    kube.close();
    api.close();
  }
}

/** A key that is right, and offers that were read, whether or not their machines could join. */
function isKnown({ available, offers, reason }: ProviderStatus): boolean {
  return (available || reason === reasons.notJoinable) && (offers ?? 0) > 0;
}

async function waitForStatuses(
  read: () => Promise<readonly ProviderStatus[]>,
): Promise<readonly ProviderStatus[]> {
  const deadline = systemClock.now() + patienceMs;
  for (;;) {
    const statuses = await read();
    const settled = statuses.length > 0 && statuses.every(isKnown);
    if (settled || systemClock.now() > deadline) return statuses;
    await systemClock.sleep(250);
  }
}

function toObjects(accounts: readonly LiveAccount[]): readonly KubernetesObject[] {
  const keys = Object.fromEntries(accounts.map(({ name, apiKey }) => [name, apiKey]));
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "live-keys", namespace: "tgp-system" },
      stringData: keys,
    } as KubernetesObject,
    {
      apiVersion: "tgp.io/v1",
      kind: "GPUNodeClass",
      metadata: { name: "live" },
      spec: {
        providers: accounts.map(({ entry }) => entry),
        bootstrap: {
          kubeadm: {
            apiServerEndpoint: "192.0.2.1:6443",
            caBundle: btoa("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
            kubernetesVersion: "1.36.0",
          },
        },
      },
    } as KubernetesObject,
  ];
}
