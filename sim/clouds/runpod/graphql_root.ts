/**
 * What each root field of the simulated RunPod's GraphQL does.
 *
 * @module
 */

import { z } from "zod";
import type { Account } from "./account.ts";
import { Refusal, type RunpodErrorName } from "./errors.ts";
import { findCountryCodes, findDataCenters, findGpuTypes } from "./graphql_catalog.ts";
import { readOrder, readSpotOrder } from "./graphql_orders.ts";
import { renderGraphqlPod } from "./graphql_pod.ts";
import type { Caller } from "./keys.ts";
import type { PodOrder } from "./order.ts";
import type { Pod } from "./pod.ts";
import type { ApiDeps } from "./api_deps.ts";

interface Arguments {
  readonly input?: unknown;
}

const podInput = z.object({ podId: z.string() }).nullish();

/** Refusals that mean that there is nothing to be had. */
const shortages: ReadonlySet<RunpodErrorName> = new Set([
  "noInstances",
  "noSpotInstances",
  "noSpotAtThatBid",
  "noDiskSpace",
  "noSuchShape",
]);

/** Resolvers of root fields, for one caller. */
export function createRoot(caller: Caller, deps: ApiDeps): Readonly<Record<string, unknown>> {
  const behaviour = deps.behaviour();
  const { market } = deps;
  const catalog = { market, behaviour };
  const render = (pod: Pod) => renderGraphqlPod(pod, deps.clock.now(), behaviour);
  return {
    gpuTypes: (fields: Arguments) => findGpuTypes(fields, catalog),
    dataCenters: () => findDataCenters(catalog),
    countryCodes: () => findCountryCodes(catalog),
    myself: () => {
      const account = toAccount(caller);
      return account === null ? null : describeAccount(account, deps, render);
    },
    pod: ({ input }: Arguments) => {
      const pod = toAccount(caller)?.fleet.find(podInput.parse(input)?.podId ?? "");
      return pod === undefined ? null : render(pod);
    },
    podFindAndDeployOnDemand: ({ input }: Arguments) =>
      create(readOrder(input, behaviour.injectedEnv), caller, deps, render),
    podRentInterruptable: ({ input }: Arguments) =>
      create(readSpotOrder(input, behaviour.injectedEnv), caller, deps, render),
    podTerminate: ({ input }: Arguments) => terminate(podInput.parse(input)?.podId ?? "", caller),
  };
}

/** The caller's account; null for nobody. @throws {Refusal} `unauthorized` */
function toAccount(caller: Caller): Account | null {
  if (caller.kind === "restricted") throw new Refusal("unauthorized");
  return caller.kind === "owner" ? caller.account : null;
}

/** The account of somebody who wants to change something. @throws {Refusal} `unauthorized` */
function requireAccount(caller: Caller): Account {
  const account = toAccount(caller);
  if (account === null) throw new Refusal("unauthorized");
  return account;
}

function describeAccount(
  account: Account,
  deps: ApiDeps,
  render: (pod: Pod) => unknown,
): Readonly<Record<string, unknown>> {
  const { spendLimitUsd, partialList } = deps.behaviour();
  const balance = account.fleet.balance() / 1_000_000;
  return {
    id: account.userId,
    clientBalance: balance,
    currentSpendPerHr: account.spendPerHour() / 1_000_000,
    spendLimit: Math.floor(spendLimitUsd),
    minBalance: 0,
    underBalance: balance <= 0,
    pods: () => {
      const pods = account.fleet.listed().map(render);
      // The last one fails, or one that cannot be seen at all.
      return partialList ? [...pods.slice(0, -1), new Refusal("somethingWrong")] : pods;
    },
  };
}

/** Rents a pod; says that there is none in the way that was chosen. */
function create(
  order: PodOrder,
  caller: Caller,
  deps: ApiDeps,
  render: (pod: Pod) => unknown,
): unknown {
  const account = requireAccount(caller);
  try {
    return render(account.create(order));
  } catch (error) {
    if (!(error instanceof Refusal) || !shortages.has(error.error)) throw error;
    switch (deps.behaviour().shortage) {
      case "text":
        throw error;
      case "code":
        throw new Refusal("supplyConstraint");
      case "null":
        return null;
      case "wrong":
        throw new Refusal("somethingWrong");
    }
  }
}

function terminate(podId: string, caller: Caller): null {
  try {
    requireAccount(caller).terminate(podId);
    return null;
  } catch (error) {
    // What GraphQL says of a pod that may not be ended is not known.
    if (error instanceof Refusal && error.error === "conflict") throw new Refusal("somethingWrong");
    throw error;
  }
}
