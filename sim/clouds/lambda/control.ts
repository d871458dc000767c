/**
 * Switches of the simulated Lambda over HTTP, for demos and tests in other processes.
 *
 * | Request | Does |
 * | --- | --- |
 * | `GET /_control/state` | behaviour and waiting faults |
 * | `PATCH /_control/behaviour` | turns switches: any part of `LambdaBehaviour` |
 * | `GET /_control/stock`, `PUT /_control/stock` | free machines; sets `{instanceType, region, count}` |
 * | `PUT /_control/price` | sets `{instanceType, cents}` for machines launched from now on |
 * | `POST /_control/faults`, `DELETE /_control/faults` | adds a `LambdaFault`; drops all |
 * | `GET /_control/machines` | every machine, without user data |
 * | `GET /_control/bills` | what each cost |
 * | `POST /_control/preempt`, `/_control/break-down` | `{id}` |
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
import { simErrorRows } from "./errors.ts";
import { lambdaOperations } from "./faults.ts";
import type { LambdaCloud } from "./lambda_cloud.ts";

const faultSchema = createFaultSchema(
  lambdaOperations,
  z.strictObject({
    kind: z.literal("error"),
    code: rowNameOf(simErrorRows, "is not a known code"),
    status: z.int().min(400).max(599).optional(),
  }),
);

const stockSchema = z.strictObject({
  instanceType: z.string(),
  region: z.string(),
  count: z.int().min(0),
});

const priceSchema = z.strictObject({ instanceType: z.string(), cents: z.int().min(0) });

const idSchema = z.strictObject({ id: z.string() });

/** The switches of a cloud. @param state Behaviour and faults, for `GET /_control/state`. */
export function createControl(cloud: LambdaCloud, state: () => unknown): Handler {
  return createControlHandler({
    ...createSharedActions({
      cloud,
      state,
      machines: () => cloud.machines().map(({ userData: _, ...machine }) => machine),
      parseBehaviour: (body) => withoutUndefined(behaviourSchema.parse(body)),
      parseFault: (body) => faultSchema.parse(body),
    }),
    "PUT /_control/stock": doing((body) => {
      const { instanceType, region, count } = stockSchema.parse(body);
      cloud.setStock(instanceType, region, count);
    }),
    "PUT /_control/price": doing((body) => {
      const { instanceType, cents } = priceSchema.parse(body);
      cloud.setPrice(instanceType, cents);
    }),
    "POST /_control/preempt": doing((body) => cloud.preempt(idSchema.parse(body).id)),
    "POST /_control/break-down": doing((body) => cloud.breakDown(idSchema.parse(body).id)),
  });
}
