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
import { createControlHandler, withoutUndefined } from "../control.ts";
import { faultAnswerSchema } from "../faults.ts";
import { simErrorRows } from "./errors.ts";
import { type LambdaFault, lambdaOperations } from "./faults.ts";
import type { LambdaCloud } from "./lambda_cloud.ts";

const duration = z.number().min(0);

const behaviourSchema = z.strictObject({
  bootMs: z.strictObject({ single: duration, multiple: duration }),
  addressAfterMs: duration,
  boot: z.enum(["normal", "never", "unhealthy"]),
  terminateMs: duration,
  terminate: z.enum(["normal", "stuck"]),
  terminateWhileBooting: z.enum(["allow", "refuse"]),
  repeatedTerminate: z.enum(["accept", "unknown", "notFound", "conflict"]),
  terminatedVisibleMs: duration,
  listsTerminated: z.boolean(),
  listLagMs: duration,
  latencyMs: duration,
  throttles: z.boolean(),
  throttleShape: z.enum(["json", "empty", "text", "html", "1015"]),
  retryAfterSeconds: z.number().min(0).nullable(),
  revoked: z.boolean(),
  accountInactive: z.boolean(),
  invalidAddress: z.boolean(),
  maxMachines: z.int().min(0).nullable(),
  phantomStock: z.array(z.string()),
  inventedState: z.string().nullable(),
  unknownFields: z.boolean(),
}).partial();

const errorCodes = Object.keys(simErrorRows);

const faultSchema = z.strictObject({
  operation: z.enum([...lambdaOperations, "*"]),
  answer: z.union([
    z.strictObject({
      kind: z.literal("error"),
      code: z.string().refine((code) => errorCodes.includes(code), "is not a known code"),
      status: z.int().min(400).max(599).optional(),
    }),
    faultAnswerSchema,
  ]),
  times: z.int().min(1).optional(),
  takesEffect: z.boolean().optional(),
});

const stockSchema = z.strictObject({
  instanceType: z.string(),
  region: z.string(),
  count: z.int().min(0),
});

const priceSchema = z.strictObject({ instanceType: z.string(), cents: z.int().min(0) });

const idSchema = z.strictObject({ id: z.string() });

/** The switches of a cloud. @param state Behaviour and faults, for `GET /_control/state`. */
export function createControl(cloud: LambdaCloud, state: () => unknown): Handler {
  const done = () => Response.json({});
  const actions: Readonly<Record<string, (body: unknown) => Response>> = {
    "GET /_control/state": () => Response.json(state()),
    "GET /_control/stock": () => Response.json(cloud.stock()),
    "GET /_control/bills": () => Response.json(cloud.bill()),
    "GET /_control/machines": () =>
      Response.json(cloud.machines().map(({ userData: _, ...machine }) => machine)),
    "PATCH /_control/behaviour": (body) => {
      cloud.setBehaviour(withoutUndefined(behaviourSchema.parse(body)));
      return done();
    },
    "PUT /_control/stock": (body) => {
      const { instanceType, region, count } = stockSchema.parse(body);
      cloud.setStock(instanceType, region, count);
      return done();
    },
    "PUT /_control/price": (body) => {
      const { instanceType, cents } = priceSchema.parse(body);
      cloud.setPrice(instanceType, cents);
      return done();
    },
    "POST /_control/faults": (body) => {
      cloud.addFault(faultSchema.parse(body) as LambdaFault);
      return done();
    },
    "DELETE /_control/faults": () => {
      cloud.clearFaults();
      return done();
    },
    "POST /_control/preempt": (body) => {
      cloud.preempt(idSchema.parse(body).id);
      return done();
    },
    "POST /_control/break-down": (body) => {
      cloud.breakDown(idSchema.parse(body).id);
      return done();
    },
  };
  return createControlHandler(actions);
}
