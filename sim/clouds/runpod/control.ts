/**
 * Switches of the simulated RunPod over HTTP, for demos and tests in other processes.
 *
 * | Request | Does |
 * | --- | --- |
 * | `GET /_control/state` | behaviour and waiting faults |
 * | `PATCH /_control/behaviour` | turns switches: any part of `RunpodBehaviour` |
 * | `GET /_control/stock`, `PUT /_control/stock` | free GPUs; sets `{gpuTypeId, place, count}` |
 * | `PUT /_control/price` | sets `{gpuTypeId, cloud, usd}` for pods created from now on |
 * | `PUT /_control/balance` | sets `{usd}` |
 * | `POST /_control/faults`, `DELETE /_control/faults` | adds a `RunpodFault`; drops all |
 * | `GET /_control/machines` | every pod, without its environment |
 * | `GET /_control/bills` | what each cost |
 * | `POST /_control/foreign` | `{count, workers?}`: pods of others, or workers of an endpoint |
 * | `POST /_control/preempt` | `{id}` |
 *
 * @module
 */

import { z } from "zod";
import type { Handler } from "../../handler.ts";
import { createControlHandler, withoutUndefined } from "../control.ts";
import { faultAnswerSchema } from "../faults.ts";
import { runpodErrorRows } from "./errors.ts";
import { graphqlOperations, restOperations, type RunpodFault } from "./faults.ts";
import type { RunpodCloud } from "./runpod_cloud.ts";

const duration = z.number().min(0);
const quota = z.int().min(0);

const behaviourSchema = z.strictObject({
  provisioningMs: duration,
  pullMs: duration,
  portMs: duration,
  boot: z.enum(["normal", "never", "exits", "error"]),
  crashLoopMs: z.number().positive().nullable(),
  createStatus: z.enum(["PROVISIONING", "RUNNING"]),
  terminateMs: duration,
  terminate: z.enum(["normal", "ignored", "refuse", "refuseWhileBooting"]),
  outbidAs: z.enum(["EXITED", "TERMINATED"]),
  staleRuntimeMs: duration,
  listLagMs: duration,
  partialList: z.boolean(),
  latencyMs: duration,
  throttles: z.boolean(),
  quota: z.strictObject({ minute: quota, hour: quota, day: quota }),
  graphqlPerMinute: quota.nullable(),
  graphqlThrottle: z.enum(["html", "json"]),
  revoked: z.boolean(),
  seenAs: z.enum(["owner", "nobody", "restricted"]),
  refusedAgents: z.enum(["nameless", "all", "none"]),
  graphqlRetired: z.boolean(),
  restRetired: z.boolean(),
  removedFields: z.array(z.string()),
  spendLimitUsd: z.number().min(0),
  maxMachines: z.int().min(0).nullable(),
  shortage: z.enum(["text", "code", "null", "wrong"]),
  phantomStock: z.array(z.string()),
  sellsSpot: z.boolean(),
  placeholderType: z.boolean(),
  nullCountry: z.boolean(),
  noStockWord: z.string().nullable(),
  tellsAvailable: z.boolean(),
  stalePrices: z.boolean(),
  createdAtFormat: z.enum(["iso", "go"]),
  injectedEnv: z.record(z.string(), z.string()),
  inventedState: z.string().nullable(),
  unknownFields: z.boolean(),
}).partial();

const errorNames = z.enum(
  // Object.keys() forgets what keys it gives.
  Object.keys(runpodErrorRows) as (keyof typeof runpodErrorRows)[],
);

const faultSchema = z.strictObject({
  operation: z.enum([...restOperations, ...graphqlOperations, "*"]),
  answer: z.union([
    z.strictObject({ kind: z.literal("error"), error: errorNames }),
    z.strictObject({ kind: z.literal("nullData") }),
    faultAnswerSchema,
  ]),
  times: z.int().min(1).optional(),
  takesEffect: z.boolean().optional(),
});

const stockSchema = z.strictObject({
  gpuTypeId: z.string(),
  place: z.string(),
  count: z.int().min(0),
});

const priceSchema = z.strictObject({
  gpuTypeId: z.string(),
  cloud: z.enum(["SECURE", "COMMUNITY"]),
  usd: z.number().min(0).nullable(),
});

const foreignSchema = z.strictObject({
  count: z.int().min(1).max(1_000),
  workers: z.boolean().optional(),
});

/** The switches of a cloud. @param state Behaviour and faults, for `GET /_control/state`. */
export function createControl(cloud: RunpodCloud, state: () => unknown): Handler {
  const after = (act: (body: unknown) => void) => (body: unknown) => {
    act(body);
    return Response.json({});
  };
  return createControlHandler({
    "GET /_control/state": () => Response.json(state()),
    "GET /_control/stock": () => Response.json(cloud.stock()),
    "GET /_control/bills": () => Response.json(cloud.bill()),
    "GET /_control/machines": () =>
      Response.json(cloud.machines().map(({ env: _, ...machine }) => machine)),
    "PATCH /_control/behaviour": after((body) =>
      cloud.setBehaviour(withoutUndefined(behaviourSchema.parse(body)))
    ),
    "PUT /_control/stock": after((body) => {
      const { gpuTypeId, place, count } = stockSchema.parse(body);
      cloud.setStock(gpuTypeId, place, count);
    }),
    "PUT /_control/price": after((body) => {
      const { gpuTypeId, cloud: onCloud, usd } = priceSchema.parse(body);
      cloud.setPrice(gpuTypeId, onCloud, usd);
    }),
    "PUT /_control/balance": after((body) =>
      cloud.setBalance(z.strictObject({ usd: z.number().min(0) }).parse(body).usd)
    ),
    "POST /_control/faults": after((body) => {
      const fault: RunpodFault = faultSchema.parse(body);
      cloud.addFault(fault);
    }),
    "DELETE /_control/faults": after(() => cloud.clearFaults()),
    "POST /_control/foreign": after((body) => {
      const { count, workers = false } = foreignSchema.parse(body);
      if (workers) cloud.addServerlessWorkers(count);
      else cloud.addForeignMachines(count);
    }),
    "POST /_control/preempt": after((body) =>
      cloud.preempt(z.strictObject({ id: z.string() }).parse(body).id)
    ),
  });
}
