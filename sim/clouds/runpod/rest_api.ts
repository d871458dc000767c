/**
 * The simulated RunPod's REST v2: routing, keys, quotas, faults, answers.
 *
 * @module
 */

import type { Cut } from "../../handler.ts";
import { spoil, type TrueAnswer } from "../faults.ts";
import type { Account } from "./account.ts";
import type { ApiDeps } from "./api_deps.ts";
import { Refusal, UnfitBody } from "./errors.ts";
import { readJson, toResponse } from "./exchange.ts";
import { needsTruth, type RestOperation } from "./faults.ts";
import { identify } from "./keys.ts";
import { toProblem } from "./problem.ts";
import { QuotaCounter } from "./quota.ts";
import { operate, type RestCall } from "./rest_operations.ts";

const routes: readonly (readonly [pattern: RegExp, Readonly<Record<string, RestOperation>>])[] = [
  [/^\/v2\/pods$/, { GET: "listPods", POST: "createPod" }],
  [/^\/v2\/pods\/([^/]+)$/, { GET: "getPod", DELETE: "deletePod" }],
  [/^\/v2\/pods\/([^/]+)\/action$/, { POST: "podAction" }],
  [/^\/v2\/catalog\/gpus$/, { GET: "listGpuTypes" }],
  [/^\/v2\/catalog\/gpus\/([^/]+)$/, { GET: "getGpuType" }],
  [/^\/v2\/catalog\/datacenters$/, { GET: "listDataCenters" }],
];

/** REST v2 of the cloud. */
export function createRestApi(deps: ApiDeps): (request: Request) => Promise<Response | Cut> {
  const counters = new Map<string, QuotaCounter>();
  return async (request) => {
    const behaviour = deps.behaviour();
    if (behaviour.restRetired) return toResponse(toProblem(new Refusal("retired")), {});
    const caller = identify(request, deps.keyring, behaviour, false);
    if (caller.kind === "nobody") return toResponse(toProblem(new Refusal("noKey")), {});
    if (caller.kind === "unknown") return toResponse(toProblem(new Refusal("badKey")), {});
    const counter = counters.get(caller.key) ?? new QuotaCounter();
    counters.set(caller.key, counter);
    const { headers, exceeded } = counter.count(behaviour.quota, deps.clock.now());
    if (behaviour.throttles && exceeded !== undefined) {
      const detail = `rate limit exceeded for the ${exceeded.window} window`;
      const wait = { "retry-after": String(exceeded.seconds) };
      return toResponse(toProblem(new Refusal("tooManyRequests", { detail })), {
        ...headers,
        ...wait,
      });
    }
    if (caller.kind === "restricted") {
      return toResponse(toProblem(new Refusal("unauthorized")), headers);
    }
    return await answer(request, caller.account, headers, deps);
  };
}

async function answer(
  request: Request,
  account: Account,
  headers: Readonly<Record<string, string>>,
  deps: ApiDeps,
): Promise<Response | Cut> {
  const { pathname, searchParams } = new URL(request.url);
  const route = routes.find(([pattern]) => pattern.test(pathname));
  const operation = route?.[1][request.method];
  if (route === undefined) return toResponse(toProblem(new Refusal("notFound")), headers);
  if (operation === undefined) {
    const allow = Object.keys(route[1]).join(", ");
    return toResponse(toProblem(new Refusal("methodNotAllowed")), { ...headers, allow });
  }
  const body = request.method === "POST" ? await readJson(request) : undefined;
  const id = decode(route[0].exec(pathname)?.[1] ?? "");
  const call: RestCall = { operation, id, query: searchParams, body, account };
  const fault = deps.faults.take(operation);
  const carriedOut = fault === undefined || fault.takesEffect === true || needsTruth(fault.answer);
  const truth = carriedOut ? findTruth(call, deps) : { status: 200, text: "" };
  if (fault === undefined) return toResponse(truth, headers);
  switch (fault.answer.kind) {
    case "error":
      return toResponse(toProblem(new Refusal(fault.answer.error)), headers);
    case "nullData":
      return toResponse(toProblem(new Refusal("somethingWrong")), headers);
    default:
      return await spoil(fault.answer, truth, request);
  }
}

/** The answer to a request that is carried out, refusals included. */
function findTruth(call: RestCall, deps: ApiDeps): TrueAnswer {
  try {
    const [status, body] = operate(call, deps);
    return { status, text: body === undefined ? "" : JSON.stringify(body) };
  } catch (error) {
    if (error instanceof Refusal || error instanceof UnfitBody) return toProblem(error);
    throw error;
  }
}

/** A part of a path; what is not written as it should names nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
