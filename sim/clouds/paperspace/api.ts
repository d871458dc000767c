/**
 * The simulated Paperspace's HTTP API: keys, limits, routes, bodies, faults, answers.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Cut, Handler } from "../../handler.ts";
import type { FaultQueue, TrueAnswer } from "../faults.ts";
import { RateLimit } from "../rate_limit.ts";
import type { Account } from "./account.ts";
import type { Switches } from "./behaviour.ts";
import { emptyJsonBody, Refusal, renderRefusal } from "./errors.ts";
import {
  needsTruth,
  type PaperspaceFaultAnswer,
  type PaperspaceOperation,
  spoil,
} from "./faults.ts";
import { machineOperations } from "./machine_operations.ts";
import { networkOperations } from "./network_operations.ts";
import type { Operation } from "./operation.ts";
import { findRoute, openOperations, type Route } from "./routes.ts";
import { scriptOperations } from "./script_operations.ts";
import { teamOperations } from "./team_operations.ts";

/** What the API stands on. */
export interface ApiDeps {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly faults: FaultQueue<PaperspaceOperation, PaperspaceFaultAnswer>;
  /** Teams by key. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The team whose catalog is shown to those without a key. */
  readonly anonymous: Account;
}

const operations: Readonly<Record<PaperspaceOperation, Operation>> = {
  ...teamOperations,
  ...machineOperations,
  ...scriptOperations,
  ...networkOperations,
};

/** The framework's own limit. */
const maxBodyBytes = 100_000;

/** The API of a cloud. */
export function createApi(deps: ApiDeps): Handler {
  const limits = new Map<string, RateLimit>();
  return async (request) => {
    const { latencyMs } = deps.switches.behaviour;
    if (latencyMs > 0) await deps.clock.sleep(latencyMs, request.signal);
    try {
      const route = findRoute(request);
      const account = authenticate(request, route, deps);
      // The one operation that does not refuse a key: it says that nobody is logged in.
      if (account === undefined) return Response.json(null);
      if (!allow(limits, request, deps)) return toThrottleResponse(deps.switches);
      if (route instanceof Refusal) throw route;
      return await answer(route, account, request, deps);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Response.json(renderRefusal(error), { status: error.status });
    }
  };
}

/** The caller's team; `undefined` for a session that is nobody's. @throws {Refusal} 401. */
function authenticate(
  request: Request,
  route: Route | Refusal,
  { accounts, anonymous, switches }: ApiDeps,
): Account | undefined {
  const operation = route instanceof Refusal ? undefined : route.operation;
  const account = switches.behaviour.revoked ? undefined : accounts.get(readKey(request));
  if (account !== undefined) return account;
  if (operation === "auth-session") return undefined;
  if (operation !== undefined && openOperations.has(operation)) return anonymous;
  throw new Refusal("UNAUTHORIZED");
}

function readKey(request: Request): string {
  return /^bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
}

function allow(limits: Map<string, RateLimit>, request: Request, deps: ApiDeps): boolean {
  const { rate } = deps.switches.behaviour;
  if (rate === null) return true;
  const key = readKey(request);
  const name = `${key} ${rate.intervalMs} ${rate.toleranceMs}`;
  const limit = limits.get(name) ?? new RateLimit(rate);
  limits.set(name, limit);
  return limit.allow(deps.clock.now());
}

function toThrottleResponse({ behaviour }: Switches): Response {
  const { retryAfterSeconds } = behaviour;
  return Response.json(renderRefusal(new Refusal("TOO_MANY_REQUESTS")), {
    status: 429,
    ...(retryAfterSeconds !== null && { headers: { "retry-after": String(retryAfterSeconds) } }),
  });
}

async function answer(
  route: Route,
  account: Account,
  request: Request,
  deps: ApiDeps,
): Promise<Response | Cut> {
  const fault = deps.faults.take(route.operation);
  const body = await readBody(request);
  const carriedOut = fault === undefined || fault.takesEffect === true || needsTruth(fault.answer);
  const truth = carriedOut ? findTruth(route, account, request, body) : { status: 200, text: "" };
  if (fault !== undefined) return await spoil(fault.answer, truth, request);
  return new Response(truth.text, {
    status: truth.status,
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}

/** The answer to a request, refusals included. */
function findTruth(route: Route, account: Account, request: Request, body: Body): TrueAnswer {
  if (body.kind === "empty") return { status: 400, text: JSON.stringify(emptyJsonBody) };
  const { behaviour } = account.switches;
  try {
    if (body.kind === "refused") throw body.refusal;
    if (request.method !== "GET" && !behaviour.mayWrite) throw new Refusal("FORBIDDEN");
    account.settle();
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const value = operations[route.operation]({ account, id: route.id, query, body: body.value });
    account.settle();
    if (request.method !== "GET") account.power.wake();
    return { status: 200, text: JSON.stringify(behaviour.unknownFields ? invent(value) : value) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, text: JSON.stringify(renderRefusal(error)) };
  }
}

/** Adds to every object what no document knows. */
function invent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(invent);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, invent(field)]);
  return { ...Object.fromEntries(fields), invented: { by: ["nobody"] } };
}

type Body =
  | { readonly kind: "read"; readonly value: unknown }
  /** JSON is announced and does not come. */
  | { readonly kind: "empty" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Reads the body. Anything that is not announced as JSON is no body; an empty body that is, is refused by
 * the framework, but for DELETE.
 */
async function readBody(request: Request): Promise<Body> {
  const text = await request.text();
  const isJson = /^application\/json\b/i.test(request.headers.get("content-type") ?? "");
  const takesBody = ["POST", "PUT", "PATCH"].includes(request.method);
  if (text === "" && isJson && takesBody) return { kind: "empty" };
  if (text === "" || !isJson) return { kind: "read", value: undefined };
  if (new TextEncoder().encode(text).length > maxBodyBytes) {
    return { kind: "refused", refusal: new Refusal("PAYLOAD_TOO_LARGE") };
  }
  try {
    return { kind: "read", value: JSON.parse(text) };
  } catch {
    return { kind: "refused", refusal: new Refusal("PARSE_ERROR") };
  }
}
