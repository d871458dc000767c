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
 * Switches, with what they are on an ordinary day (`behaviour.ts` says more):
 *
 * | Switch | Values | Turns |
 * | --- | --- | --- |
 * | `provisioningMs`, `pullMs`, `portMs` | 5000, 60000, 10000 | how long a start takes |
 * | `boot` | `normal`, `never`, `exits`, `error` | what new pods do |
 * | `crashLoopMs` | null, ms | how often the main process ends |
 * | `createStatus` | `PROVISIONING`, `RUNNING` | REST's first word |
 * | `terminate` | `normal`, `ignored`, `refuse`, `refuseWhileBooting` | ending; REST refuses with 409 |
 * | `terminateMs` | 3000 | how long ended pods are shown |
 * | `outbidAs` | `EXITED`, `TERMINATED` | what `preempt` leaves |
 * | `staleRuntimeMs`, `listLagMs`, `latencyMs` | 0 | how late the truth comes |
 * | `partialList` | false | GraphQL lists a null, with `errors` |
 * | `pageSize`, `ignoresCursor` | null, false | pages of REST's list |
 * | `throttles`, `quota` | true, 60/3000/50000 | REST's limits per minute, hour, day |
 * | `graphqlPerMinute`, `graphqlThrottle` | null, `html` or `json` | GraphQL's limit |
 * | `revoked`, `seenAs` | false, `owner`, `nobody`, `restricted` | what keys are worth |
 * | `refusedAgents` | `nameless`, `all`, `none` | 403 `error code: 1010` |
 * | `graphqlRetired`, `restRetired` | false | 410 |
 * | `removedFields` | `[]` | fields gone from GraphQL: `Mutation.podRentInterruptable` |
 * | `spendLimitUsd`, `maxMachines` | 80, null | the account's limits |
 * | `shortage` | `text`, `code`, `null`, `wrong` | how GraphQL says that there is nothing |
 * | `phantomStock` | `[]` | `gpuTypeId/place` that is listed and cannot be had |
 * | `sellsSpot` | true | whether spot orders are taken |
 * | `placeholderType`, `nullCountry`, `stalePrices`, `noStockWord`, `tellsAvailable` | true, true, true, null, true | oddities of the catalogue |
 * | `createdAtFormat` | `iso`, `go` | how moments are written |
 * | `injectedEnv` | `{PUBLIC_KEY}` | what environments get added |
 * | `inventedState`, `unknownFields` | null, false | what no document knows |
 *
 * A fault is `{operation, answer, times?, takesEffect?}`: an operation of REST (`createPod`), of GraphQL
 * (`podFindAndDeployOnDemand`) or `*`; an answer
 *
 * | `kind` | Answers |
 * | --- | --- |
 * | `error` | `error` names a row of `errors.ts`, said as the protocol of the request says it |
 * | `nullData` | GraphQL: `data` of nulls without `errors` |
 * | `raw` | `status`, `body`, `headers` |
 * | `cut`, `hang`, `truncate`, `stall` | a broken connection, at once or in the middle |
 *
 * @module
 */

import { z } from "zod";
import type { Handler } from "../../handler.ts";
import {
  createControlHandler,
  createFaultSchema,
  createSharedActions,
  doing,
  rowNameOf,
  withoutUndefined,
} from "../control.ts";
import { behaviourSchema } from "./behaviour_schema.ts";
import { runpodErrorRows } from "./errors.ts";
import { graphqlOperations, restOperations } from "./faults.ts";
import type { RunpodCloud } from "./runpod_cloud.ts";

const faultSchema = createFaultSchema(
  [...restOperations, ...graphqlOperations],
  z.union([
    z.strictObject({
      kind: z.literal("error"),
      error: rowNameOf(runpodErrorRows, "is not the name of a row"),
    }),
    z.strictObject({ kind: z.literal("nullData") }),
  ]),
);

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
  return createControlHandler({
    ...createSharedActions({
      cloud,
      state,
      machines: () => cloud.machines().map(({ env: _, ...machine }) => machine),
      parseBehaviour: (body) => withoutUndefined(behaviourSchema.parse(body)),
      parseFault: (body) => faultSchema.parse(body),
    }),
    "PUT /_control/stock": doing((body) => {
      const { gpuTypeId, place, count } = stockSchema.parse(body);
      cloud.setStock(gpuTypeId, place, count);
    }),
    "PUT /_control/price": doing((body) => {
      const { gpuTypeId, cloud: onCloud, usd } = priceSchema.parse(body);
      cloud.setPrice(gpuTypeId, onCloud, usd);
    }),
    "PUT /_control/balance": doing((body) =>
      cloud.setBalance(z.strictObject({ usd: z.number().min(0) }).parse(body).usd)
    ),
    "POST /_control/foreign": doing((body) => {
      const { count, workers = false } = foreignSchema.parse(body);
      if (workers) cloud.addServerlessWorkers(count);
      else cloud.addForeignMachines(count);
    }),
    "POST /_control/preempt": doing((body) =>
      cloud.preempt(z.strictObject({ id: z.string() }).parse(body).id)
    ),
  });
}
