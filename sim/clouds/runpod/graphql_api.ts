/**
 * The simulated RunPod's GraphQL: keys, limits, faults, execution.
 *
 * Nearly every failure is HTTP 200 with `errors`, as recorded.
 *
 * @module
 */

import { execute } from "graphql";
import type { Cut } from "../../handler.ts";
import { spoil, type TrueAnswer } from "../faults.ts";
import type { ApiDeps } from "./api_deps.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { Refusal } from "./errors.ts";
import { readJson, toResponse } from "./exchange.ts";
import { needsTruth, runpodFaults } from "./faults.ts";
import { toEnvelope, toNullData, toRefused } from "./graphql_envelope.ts";
import { type GraphqlRequest, isAnonymous, readGraphql } from "./graphql_request.ts";
import { createRoot } from "./graphql_root.ts";
import { createSchemas } from "./graphql_schema.ts";
import { type Caller, identify } from "./keys.ts";
import { QuotaCounter } from "./quota.ts";

/** GraphQL of the cloud. */
export function createGraphqlApi(deps: ApiDeps): (request: Request) => Promise<Response | Cut> {
  const schemas = createSchemas();
  const counters = new Map<string, QuotaCounter>();
  return async (request) => {
    const behaviour = deps.behaviour();
    if (behaviour.graphqlRetired) return toResponse(toRefused(new Refusal("retired"), []));
    if (request.method !== "POST") {
      return toResponse(toRefused(new Refusal("methodNotAllowed"), []));
    }
    const schema = schemas(behaviour.removedFields);
    const asked = readGraphql(await readJson(request), schema);
    if ("status" in asked) return toResponse(asked);
    const caller = identify(request, deps.keyring, behaviour, true);
    if (caller.kind === "unknown" && !isAnonymous(asked)) {
      return toResponse(toRefused(new Refusal("badKey"), []));
    }
    const throttled = throttle(caller, counters, behaviour, deps.clock.now());
    if (throttled !== undefined) return throttled;
    const carryOut = () => {
      const result = execute({
        schema,
        document: asked.document,
        variableValues: asked.variables,
        operationName: asked.operationName,
        rootValue: createRoot(caller, deps),
      });
      if (result instanceof Promise) throw new Error("every resolver answers at once");
      return toEnvelope(result, behaviour.unknownFields);
    };
    return await answer(request, asked, carryOut, deps);
  };
}

async function answer(
  request: Request,
  { operation, keys }: GraphqlRequest,
  carryOut: () => TrueAnswer,
  deps: ApiDeps,
): Promise<Response | Cut> {
  const fault = deps.faults.take(operation);
  if (fault === undefined) return toResponse(carryOut());
  const isCarriedOut = fault.takesEffect === true || needsTruth(fault.answer);
  const truth = isCarriedOut ? carryOut() : { status: 200, text: "" };
  switch (fault.answer.kind) {
    case "error":
      return toResponse(toRefused(new Refusal(fault.answer.error), keys));
    case "nullData":
      return toResponse(toNullData(keys));
    default:
      return await spoil(fault.answer, truth, request);
  }
}

/** The answer to a request too many. */
function throttle(
  caller: Caller,
  counters: Map<string, QuotaCounter>,
  { graphqlPerMinute, graphqlThrottle }: RunpodBehaviour,
  now: number,
): Response | undefined {
  if (graphqlPerMinute === null) return undefined;
  const key = "key" in caller ? caller.key : "";
  const counter = counters.get(key) ?? new QuotaCounter();
  counters.set(key, counter);
  const quota = { minute: graphqlPerMinute, hour: Infinity, day: Infinity };
  const { exceeded } = counter.count(quota, now);
  if (exceeded === undefined) return undefined;
  if (graphqlThrottle === "json") {
    const answer = toRefused(new Refusal("tooManyRequests"), []);
    return toResponse(answer, { "retry-after": String(exceeded.seconds) });
  }
  const { status, body, headers } = runpodFaults.throttledByEdge;
  return new Response(body, { status, headers });
}
