/**
 * Switches of the simulated Paperspace over HTTP, for demos and tests in other processes.
 *
 * | Request | Does |
 * | --- | --- |
 * | `GET /_control/state` | behaviour and waiting faults |
 * | `PATCH /_control/behaviour` | turns switches: any part of `PaperspaceBehaviour` |
 * | `GET /_control/stock`, `PUT /_control/stock` | free machines; sets `{machineType, region, count}` |
 * | `PUT /_control/price` | sets `{machineType, usd}` for machines created from now on |
 * | `POST /_control/faults`, `DELETE /_control/faults` | adds a `PaperspaceFault`; drops all |
 * | `GET /_control/machines` | every machine, without scripts |
 * | `GET /_control/scripts` | every startup script, without its text |
 * | `GET /_control/ips` | every static address |
 * | `GET /_control/bills`, `GET /_control/ip-bills` | what each machine and each address cost |
 * | `POST /_control/foreign-machines` | `{count}` machines of somebody else |
 * | `POST /_control/vanish`, `POST /_control/switch-off` | `{id}`: deleted elsewhere; goes off |
 *
 * What can go wrong, and how to have it. Switches are fields of `PATCH /_control/behaviour`; faults are
 * answers of `POST /_control/faults`, for one operation or all of them, so many times:
 *
 * | Trouble | Switch or fault |
 * | --- | --- |
 * | no capacity, said beforehand | stock of 0: availability false, and the start event in error |
 * | no capacity, not said beforehand | `phantomStock: ["H100/ny2"]` |
 * | an event in error that says nothing | `capacityText: null`, `failureText: null` |
 * | a create or start that fails, or never ends | `boot` |
 * | an event in error, and all is well | `harmlessErrors` |
 * | capacity, quota, billing or approval refused by text | faults of kind `error` with a `message`; `maxMachines`, `billing`, `unapprovedTypes` |
 * | the standing is bad, or not there | `billing`, `standing: "absent"` |
 * | a key that is revoked, or may only read | `revoked`, `mayWrite: false` |
 * | throttling, with or without `Retry-After` | `rate` and `retryAfterSeconds`; fault `TOO_MANY_REQUESTS` |
 * | HTML, an empty 500, a redirect, anything else | fault `raw` |
 * | no answer, half an answer, a broken connection | faults `hang`, `stall`, `truncate`, `cut`; all the same carried out with `takesEffect` |
 * | a machine under way is refused with another status | `busyStatus` |
 * | a deletion that is refused, gets stuck, fails, or is repeated | `deleteWhileBooting`, `deletion`, `repeatedDelete` |
 * | a deleted machine looks otherwise, or is seen longer | `stateWhileDeleting`, `showsDeletion`, `listsDeleting`, `deletedVisibleMs` |
 * | scripts that can be deleted while assigned, or are too large | `deleteAssignedScript`, `maxScriptBytes` |
 * | lists that lag | `listLagMs` |
 * | lists with repeated or shifting items | `duplicateItems`, `cursor: "offset"` |
 * | lists that break off or never end | `laterPages` |
 * | lists in other words | `lastPage`, `defaultLimit`, `nameFilter` |
 * | numbers that are texts, or the other way round | `byteCounts`, `acceleratorMemory`, `noAccelerators` |
 * | states and fields that no document knows | `inventedState`, `unknownFields` |
 * | everything takes longer | `latencyMs`, `createMs`, `startMs` and the other times |
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
import { paperspaceOperations } from "./faults.ts";
import type { PaperspaceCloud } from "./paperspace_cloud.ts";

const faultSchema = createFaultSchema(
  paperspaceOperations,
  z.strictObject({
    kind: z.literal("error"),
    code: rowNameOf(simErrorRows, "is not a known code"),
    message: z.string().optional(),
    status: z.int().min(400).max(599).optional(),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
);

const stockSchema = z.strictObject({
  machineType: z.string(),
  region: z.string(),
  count: z.int().min(0),
});

const priceSchema = z.strictObject({ machineType: z.string(), usd: z.number().min(0) });

const countSchema = z.strictObject({ count: z.int().min(1).max(10_000) });

const idSchema = z.strictObject({ id: z.string() });

/** The switches of a cloud. @param state Behaviour and faults, for `GET /_control/state`. */
export function createControl(cloud: PaperspaceCloud, state: () => unknown): Handler {
  return createControlHandler({
    ...createSharedActions({
      cloud,
      state,
      machines: () =>
        cloud.machines().map(({ script: _, servedScript: __, ...machine }) => machine),
      parseBehaviour: (body) => withoutUndefined(behaviourSchema.parse(body)),
      parseFault: (body) => faultSchema.parse(body),
    }),
    "GET /_control/ip-bills": () => Response.json(cloud.ipBill()),
    "GET /_control/ips": () => Response.json(cloud.publicIps()),
    "GET /_control/scripts": () =>
      Response.json(cloud.startupScripts().map(({ text: _, ...script }) => script)),
    "PUT /_control/stock": doing((body) => {
      const { machineType, region, count } = stockSchema.parse(body);
      cloud.setStock(machineType, region, count);
    }),
    "PUT /_control/price": doing((body) => {
      const { machineType, usd } = priceSchema.parse(body);
      cloud.setPrice(machineType, usd);
    }),
    "POST /_control/foreign-machines": doing((body) =>
      cloud.addForeignMachines(countSchema.parse(body).count)
    ),
    "POST /_control/vanish": doing((body) => cloud.vanish(knownId(body, cloud))),
    "POST /_control/switch-off": doing((body) => cloud.switchOff(knownId(body, cloud))),
  });
}

/** @throws {RangeError} For a machine that is not there. */
function knownId(body: unknown, cloud: PaperspaceCloud): string {
  const { id } = idSchema.parse(body);
  if (!cloud.machines().some((machine) => machine.id === id && !machine.gone)) {
    throw new RangeError(`No machine "${id}"`);
  }
  return id;
}
