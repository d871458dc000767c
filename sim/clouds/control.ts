/**
 * The switches of a simulated cloud over HTTP, under `/_control/`.
 *
 * Answers only to loopback names, so that a web page cannot reach it under a name of its own.
 *
 * @module
 */

import { z } from "zod";
import type { Handler } from "../handler.ts";
import { type FaultAnswer, faultAnswerSchema } from "./faults.ts";
import type { SimulatedCloud } from "./simulated_cloud.ts";

/** What a request such as `PATCH /_control/behaviour` does; a `RangeError` or `ZodError` is refused. */
export type ControlActions = Readonly<Record<string, (body: unknown) => Response>>;

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Serves the actions. */
export function createControlHandler(actions: ControlActions): Handler {
  return async (request) => {
    const url = new URL(request.url);
    if (!loopback.has(url.hostname)) return refuse(403, `host "${url.hostname}" is not loopback`);
    const action = actions[`${request.method} ${url.pathname}`];
    if (action === undefined) return refuse(404, `no ${request.method} ${url.pathname}`);
    try {
      return action(request.body === null ? undefined : await request.json());
    } catch (error) {
      if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
      if (error instanceof RangeError || error instanceof SyntaxError) {
        return refuse(400, error.message);
      }
      throw error;
    }
  };
}

/** A cloud as far as all clouds have the same switches. */
export interface ControlledCloud<Behaviour, Fault> extends Pick<SimulatedCloud, "bill"> {
  stock(): unknown;
  setBehaviour(change: Partial<Behaviour>): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
}

/** What the shared switches read and show of a cloud. */
export interface SharedControl<Behaviour, Fault> {
  readonly cloud: ControlledCloud<Behaviour, Fault>;
  /** Behaviour and faults, for `GET /_control/state`. */
  readonly state: () => unknown;
  /** Every machine, without secrets. */
  readonly machines: () => unknown;
  readonly parseBehaviour: (body: unknown) => Partial<Behaviour>;
  readonly parseFault: (body: unknown) => Fault;
}

/** The switches that every cloud has. */
export function createSharedActions<Behaviour, Fault>(
  { cloud, state, machines, parseBehaviour, parseFault }: SharedControl<Behaviour, Fault>,
): ControlActions {
  return {
    "GET /_control/state": () => Response.json(state()),
    "GET /_control/stock": () => Response.json(cloud.stock()),
    "GET /_control/bills": () => Response.json(cloud.bill()),
    "GET /_control/machines": () => Response.json(machines()),
    "PATCH /_control/behaviour": doing((body) => cloud.setBehaviour(parseBehaviour(body))),
    "POST /_control/faults": doing((body) => cloud.addFault(parseFault(body))),
    "DELETE /_control/faults": doing(() => cloud.clearFaults()),
  };
}

/** An action that has nothing to say. */
export function doing(act: (body: unknown) => void): (body: unknown) => Response {
  return (body) => {
    act(body);
    return Response.json({});
  };
}

/** Reads faults: those of all clouds, and a cloud's own answers. */
export function createFaultSchema<const Operation extends string, Answer>(
  operations: readonly Operation[],
  ownAnswers: z.ZodType<Answer>,
): z.ZodType<{
  operation: Operation | "*";
  answer: Answer | FaultAnswer;
  times?: number | undefined;
  takesEffect?: boolean | undefined;
}> {
  return z.strictObject({
    operation: z.enum([...operations, "*"]),
    answer: z.union([ownAnswers, faultAnswerSchema]),
    times: z.int().min(1).optional(),
    takesEffect: z.boolean().optional(),
  });
}

/** The name of a row of a table. */
export function rowNameOf<Name extends string>(
  rows: Readonly<Record<Name, unknown>>,
  what: string,
): z.ZodType<Name> {
  return z.custom<Name>(
    (value) => typeof value === "string" && Object.hasOwn(rows, value),
    // Else a union of answers would not tell this message.
    { error: what, abort: false },
  );
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

/** Drops keys without a value, which would overwrite. */
export function withoutUndefined<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
