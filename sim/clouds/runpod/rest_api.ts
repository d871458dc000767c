/**
 * The simulated RunPod's REST v2: routing, keys, quotas, faults, answers.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Cut } from "../../handler.ts";
import { type FaultQueue, spoil, type TrueAnswer } from "../faults.ts";
import type { Account } from "./account.ts";
import type { RunpodBehaviour } from "./behaviour.ts";
import { Refusal, UnfitBody } from "./errors.ts";
import {
  needsTruth,
  type RestOperation,
  type RunpodFaultAnswer,
  type RunpodOperation,
} from "./faults.ts";
import { identify, type Keyring } from "./keys.ts";
import type { Market } from "./market.ts";
import { toProblem } from "./problem.ts";
import { QuotaCounter } from "./quota.ts";
import { toPage } from "./rest_pages.ts";
import { getGpuType, listDataCenters, listGpuTypes } from "./rest_catalog.ts";
import { actionsOf, type Json, renderPod } from "./rest_render.ts";
import { readAction, readCreate } from "./rest_requests.ts";
import { type Pod, stateAt } from "./pod.ts";

/** What both protocols stand on. */
export interface ApiDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly keyring: Keyring;
  readonly faults: FaultQueue<RunpodOperation, RunpodFaultAnswer>;
  readonly behaviour: () => RunpodBehaviour;
}

/** A routed request. */
interface Call {
  readonly operation: RestOperation;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly account: Account;
}

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
  const id = decodeURIComponent(route[0].exec(pathname)?.[1] ?? "");
  const call: Call = { operation, id, query: searchParams, body, account };
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
function findTruth(call: Call, deps: ApiDeps): TrueAnswer {
  try {
    const [status, body] = operate(call, deps);
    return { status, text: body === undefined ? "" : JSON.stringify(body) };
  } catch (error) {
    if (error instanceof Refusal || error instanceof UnfitBody) return toProblem(error);
    throw error;
  }
}

function operate(call: Call, deps: ApiDeps): readonly [status: number, body?: Json] {
  const { operation, id, query, body, account } = call;
  const behaviour = deps.behaviour();
  const now = deps.clock.now();
  const render = (pod: Pod) => renderPod(pod, now, behaviour);
  switch (operation) {
    case "listPods": {
      // Workers of serverless endpoints are no pods here.
      const pods = account.fleet.listed().filter(({ order }) => order.endpointId === undefined);
      const page = toPage(pods, query.get("cursor"), behaviour);
      return [200, { ...page, pods: page.pods.map(render) }];
    }
    case "createPod": {
      const pod = account.create(readCreate(body, behaviour.injectedEnv));
      const status = behaviour.inventedState ?? behaviour.createStatus;
      return [201, { ...render(pod), status }];
    }
    case "getPod": {
      const pod = account.fleet.find(id);
      if (pod === undefined) throw new Refusal("notFound");
      return [200, render(pod)];
    }
    case "deletePod":
      account.terminate(id);
      return [204];
    case "podAction":
      return act(call, deps, render);
    case "listGpuTypes":
      return [200, listGpuTypes(query, { market: deps.market, behaviour })];
    case "getGpuType":
      return [200, getGpuType(id, query, { market: deps.market, behaviour })];
    case "listDataCenters":
      return [200, listDataCenters(query, { market: deps.market, behaviour })];
  }
}

function act(
  { id, body, account }: Call,
  deps: ApiDeps,
  render: (pod: Pod) => Json,
): readonly [status: number, body?: Json] {
  const action = readAction(body);
  const pod = account.fleet.find(id);
  if (pod === undefined) throw new Refusal("notFound");
  if (!actionsOf[stateAt(pod, deps.clock.now())].includes(action)) throw new Refusal("conflict");
  switch (action) {
    case "terminate":
      account.terminate(id);
      return [204];
    case "start":
    case "stop":
    case "restart":
      return [200, render(account[action](id))];
  }
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

function toResponse(
  { status, text, contentType = "application/json" }: TrueAnswer,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(status === 204 ? null : text, {
    status,
    headers: { ...(status !== 204 && { "content-type": contentType }), ...headers },
  });
}
