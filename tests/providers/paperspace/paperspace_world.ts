/**
 * Paperspace's worlds for the conformance suite.
 *
 * @module
 */

import type { Provider } from "../../../providers/contract.ts";
import type { PaperspaceOptions } from "../../../schemas/clouds/paperspace.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import {
  type PaperspaceFaultAnswer,
  paperspaceFaults,
  type PaperspaceOperation,
} from "../../../sim/clouds/paperspace/faults.ts";
import {
  createPaperspaceCloud,
  type PaperspaceCloudOptions,
} from "../../../sim/clouds/paperspace/mod.ts";
import type { PaperspaceCloud } from "../../../sim/clouds/paperspace/paperspace_cloud.ts";
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
export const canaryKey = "canary_8c1d2e3f4a5b6c7d8e9f0a1b";
/** Must appear nowhere. */
export const canaryUserData = "# token abcdef.0123456789abcdef\ncanary-line-of-the-script\n";

const operations: Readonly<Record<Purpose, PaperspaceOperation>> = {
  launch: "machines-create",
  terminate: "machines-delete",
  get: "machines-get",
  list: "machines-list",
  offers: "osTemplates-list",
  verify: "auth-session",
};

const answers: Readonly<Record<Spoiling, PaperspaceFaultAnswer>> = {
  cut: paperspaceFaults.cut,
  hang: paperspaceFaults.hang,
  truncate: paperspaceFaults.truncate,
  stall: paperspaceFaults.stall,
  html502: paperspaceFaults.html502,
  unavailable: paperspaceFaults.empty503,
  htmlOk: paperspaceFaults.htmlOk,
  redirect: paperspaceFaults.redirect,
  mistyped: { kind: "raw", status: 200, body: '{"data":17,"hasMore":"no","items":{},"team":[]}' },
};

const purposes: Purposes = [
  [/^POST \/v1\/machines$/, "launch"],
  [/^DELETE \/v1\/machines\/.+$/, "terminate"],
  [/^GET \/v1\/machines\/.+$/, "get"],
  [/^GET \/v1\/machines$/, "list"],
  [/^GET \/v1\/os-templates$/, "offers"],
  [/^GET \/v1\/auth\/session$/, "verify"],
];

/** An entry for one Paperspace team. */
export function paperspaceEntry(
  paperspace?: PaperspaceOptions,
  change: Partial<ProviderEntry> = {},
): ProviderEntry {
  return {
    name: "paperspace",
    credentialsRef: { name: "clouds", key: "paperspace" },
    ...(paperspace && { paperspace }),
    ...change,
  };
}

/** A world whose cloud can also be reached directly. */
export interface PaperspaceWorld extends ProviderWorld {
  readonly cloud: PaperspaceCloud;
  /** Another provider of the same team, as after a restart: it remembers nothing. */
  restart(): Provider;
}

/** Makes a world. */
export async function createPaperspaceWorld(
  transport: Transport,
  options: Partial<PaperspaceCloudOptions> & WorldChange & { readonly entry?: ProviderEntry } = {},
): Promise<PaperspaceWorld> {
  const { apiKey = canaryKey, skewMs = 0, entry = paperspaceEntry(), ...rest } = options;
  const ground = createGround(skewMs);
  const { clock, cloudClock, random } = ground;
  const cloud = createPaperspaceCloud({
    clock: cloudClock,
    random,
    apiKeys: [canaryKey],
    otherApiKeys: [strangersKey],
    ...rest,
  });
  const { connectWith, ...shared } = await connectWorld(ground, {
    transport,
    handler: cloud.handler,
    classify: (request) => classifyBy(purposes, request),
    entry,
  });
  const order = (name: string, instanceType: string) =>
    buildOrder({
      name,
      instanceType,
      region: "ny2",
      workload: { kind: "machine", userData: canaryUserData },
      sendBefore: clock.now() + 60_000,
    });
  return {
    ...shared,
    ...createSwitches(cloud, operations, answers),
    provider: connectWith(apiKey),
    restart: () => connectWith(apiKey),
    cloud,
    secrets: [canaryKey, "abcdef.0123456789abcdef", "canary-line-of-the-script"],
    machines: () =>
      cloud.machines().map(({ id, name, deleted }) => ({
        id,
        name,
        state: deleted ? "ended" : "alive",
      })),
    order: (name) => order(name, "A4000"),
    soldOutOrder: (name) => order(name, "P6000"),
    strike: (misfortune) => {
      switch (misfortune) {
        case "quota":
          return cloud.setBehaviour({ maxMachines: 0 });
        case "billing":
          return cloud.setBehaviour({ billing: "pastDue" });
        case "revoked":
          return cloud.setBehaviour({ revoked: true });
        case "throttled":
          return cloud.addFault({
            operation: "*",
            answer: paperspaceFaults.throttledForSeconds,
            times: 100,
          });
      }
    },
    refuseTerminateWhileBooting: () => cloud.setBehaviour({ deleteWhileBooting: "refuse" }),
    breakList: () => {
      cloud.setBehaviour({ laterPages: "fail" });
      return true;
    },
    throttle: (purpose, times, retryAfterSeconds) =>
      cloud.addFault({
        operation: operations[purpose],
        answer: { kind: "error", code: "TOO_MANY_REQUESTS", retryAfterSeconds },
        times,
      }),
    boot: () => clock.advance(15 * 60_000),
    end: () => clock.advance(5 * 60_000),
  };
}
