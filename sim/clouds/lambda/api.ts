/**
 * The simulated Lambda's HTTP API: routing, authentication, limits, faults, answers.
 *
 * @module
 */

import type { Clock } from "../../../runtime/clock.ts";
import type { Cut, Handler } from "../../handler.ts";
import type { Account } from "./account.ts";
import { simImageFamilies, simRegions } from "./catalog.ts";
import { Refusal, toErrorResponse } from "./errors.ts";
import type { FaultQueue } from "../faults.ts";
import { RateLimit } from "../rate_limit.ts";
import { type LambdaFaultAnswer, type LambdaOperation, needsTruth, spoil } from "./faults.ts";
import { parseInstanceId, parseInstanceIds, parseLaunchOrder } from "./launch_request.ts";
import { lambdaRates, toThrottleResponse } from "./rate_limit.ts";
import { renderInstance, renderRegion } from "./render.ts";

/** What the API stands on. */
export interface ApiDeps {
  readonly clock: Clock;
  readonly account: Account;
  readonly faults: FaultQueue<LambdaOperation, LambdaFaultAnswer>;
  readonly apiKeys: readonly string[];
}

const prefix = "/api/v1";

const routes: Readonly<Record<string, LambdaOperation>> = {
  "GET /instance-types": "listInstanceTypes",
  "GET /regions": "listRegions",
  "GET /images": "listImages",
  "GET /file-systems": "listFilesystems",
  "GET /firewall-rulesets": "firewallRulesetsList",
  "GET /ssh-keys": "listSSHKeys",
  "GET /instances": "listInstances",
  "POST /instance-operations/launch": "launchInstance",
  "POST /instance-operations/terminate": "terminateInstance",
};

/** The API of one account. */
export function createApi(deps: ApiDeps): Handler {
  const limits = new Map<string, { request: RateLimit; launch: RateLimit }>();
  let requests = 0;
  return async (request) => {
    const requestId = `req-${String(++requests).padStart(8, "0")}`;
    const { behaviour } = deps.account;
    if (behaviour.latencyMs > 0) await deps.clock.sleep(behaviour.latencyMs, request.signal);
    try {
      const { operation, id } = route(request);
      const key = authenticate(request, deps);
      if (behaviour.throttles && !allow(limits, key, operation, deps.clock.now())) {
        return toThrottleResponse(behaviour, requestId);
      }
      if (behaviour.accountInactive) throw new Refusal("global/account-inactive");
      return await answer(operation, id, request, requestId, deps);
    } catch (error) {
      if (error instanceof Refusal) return toErrorResponse(error, requestId);
      throw error;
    }
  };
}

function route(request: Request): { readonly operation: LambdaOperation; readonly id: string } {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : "";
  const operation = routes[`${request.method} ${path}`];
  if (operation !== undefined) return { operation, id: "" };
  const id = /^\/instances\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined || request.method !== "GET") throw new Refusal("global/not-found");
  return { operation: "getInstance", id: decodeURIComponent(id) };
}

/** The caller's key. @throws {Refusal} `global/invalid-api-key`. */
function authenticate(request: Request, deps: ApiDeps): string {
  const [scheme = "", value = ""] = (request.headers.get("authorization") ?? "").split(" ");
  let key = "";
  if (scheme.toLowerCase() === "bearer") key = value;
  else if (scheme.toLowerCase() === "basic") key = decodeBasic(value);
  if (deps.account.behaviour.revoked || !deps.apiKeys.includes(key)) {
    throw new Refusal("global/invalid-api-key");
  }
  return key;
}

/** The user name of a basic authorization with an empty password. */
function decodeBasic(value: string): string {
  try {
    const text = atob(value);
    return text.endsWith(":") ? text.slice(0, -1) : "";
  } catch {
    return "";
  }
}

function allow(
  limits: Map<string, { request: RateLimit; launch: RateLimit }>,
  key: string,
  operation: LambdaOperation,
  now: number,
): boolean {
  const limit = limits.get(key) ?? {
    request: new RateLimit(lambdaRates.request),
    launch: new RateLimit(lambdaRates.launch),
  };
  limits.set(key, limit);
  if (!limit.request.allow(now)) return false;
  return operation !== "launchInstance" || limit.launch.allow(now);
}

async function answer(
  operation: LambdaOperation,
  id: string,
  request: Request,
  requestId: string,
  deps: ApiDeps,
): Promise<Response | Cut> {
  const fault = deps.faults.take(operation);
  const body = request.method === "POST" ? await readJson(request) : undefined;
  const carriedOut = fault === undefined || fault.takesEffect === true || needsTruth(fault.answer);
  const truth = carriedOut
    ? await findTruth(
      () => envelop(operation, operate(operation, id, body, deps), deps),
      requestId,
    )
    : { status: 200, text: "" };
  if (fault !== undefined) return await spoil(fault.answer, truth, request, requestId);
  return new Response(truth.text, {
    status: truth.status,
    headers: { "content-type": "application/json" },
  });
}

/** Adds what no document knows to everything that has fields. */
function inventFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inventFields);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, inventFields(field)]);
  return { ...Object.fromEntries(fields), invented: { by: ["nobody"] } };
}

/** The answer around `data`. The types of machines are a map: its names are no fields. */
function envelop(operation: LambdaOperation, data: unknown, { account }: ApiDeps): unknown {
  if (!account.behaviour.unknownFields) return { data };
  if (operation !== "listInstanceTypes") return inventFields({ data });
  const types = Object.entries(data as object).map(([name, type]) => [name, inventFields(type)]);
  return { data: Object.fromEntries(types), invented: 1 };
}

/** The answer to a request that is carried out, refusals included. */
async function findTruth(
  operate: () => unknown,
  requestId: string,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    return { status: 200, text: JSON.stringify(operate()) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, text: await toErrorResponse(error, requestId).text() };
  }
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new Refusal("global/invalid-parameters", "The body is not JSON.");
  }
}

/** Carries a request out. */
function operate(operation: LambdaOperation, id: string, body: unknown, deps: ApiDeps): unknown {
  const { account, clock } = deps;
  const { behaviour } = account;
  const render = (machine: Parameters<typeof renderInstance>[0]) => ({
    ...renderInstance(machine, clock.now(), behaviour.terminateWhileBooting === "allow"),
    ...(behaviour.inventedState !== null && { status: behaviour.inventedState }),
  });
  switch (operation) {
    case "listInstanceTypes":
      return Object.fromEntries(
        account.market.types().map((type) => [type.name, {
          instance_type: type,
          regions_with_capacity_available: account.regionsWithCapacity(type.name).map(renderRegion),
        }]),
      );
    case "listRegions":
      return [...simRegions.keys()].map(renderRegion);
    case "listImages":
      return renderImages();
    case "listFilesystems":
      return account.inventory.filesystems.map((filesystem) => ({
        ...filesystem,
        region: renderRegion(filesystem.region),
        mount_point: `/lambda/nfs/${filesystem.name}`,
        created: "2026-01-01T00:00:00+00:00",
        created_by: { id: "0".repeat(32), email: "nobody@example.com", status: "active" },
        is_in_use: false,
      }));
    case "firewallRulesetsList":
      return account.inventory.rulesets.map((ruleset) => ({
        ...ruleset,
        region: renderRegion(ruleset.region),
        rules: [],
        created: "2026-01-01T00:00:00+00:00",
        instance_ids: [],
      }));
    case "listSSHKeys":
      return account.inventory.sshKeyNames.map((name, index) => ({
        id: String(index + 1).padStart(32, "0"),
        name,
        public_key: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE ${name}`,
      }));
    case "listInstances":
      return account.listed().map(render);
    case "getInstance": {
      const machine = account.find(parseInstanceId(id));
      if (machine === undefined) throw new Refusal("global/object-does-not-exist");
      return render(machine);
    }
    case "launchInstance":
      if (behaviour.invalidAddress) throw new Refusal("global/invalid-address");
      return { instance_ids: [account.launch(parseLaunchOrder(body)).id] };
    case "terminateInstance":
      return { terminated_instances: account.terminate(parseInstanceIds(body)).map(render) };
  }
}

/** One row per image and region; ARM images where ARM machines stand. */
function renderImages(): unknown[] {
  const time = "2026-01-01T00:00:00.000000+00:00";
  return [...simRegions.keys()].flatMap((region, regionIndex) =>
    simImageFamilies
      .filter(({ architecture }) => architecture === "x86_64" || region === "us-east-3")
      .map(({ family, architecture, version }, index) => ({
        id: `00000000-0000-4000-8000-${String(regionIndex).padStart(6, "0")}${
          String(index).padStart(6, "0")
        }`,
        name: family,
        description: family,
        family,
        version,
        architecture,
        region: renderRegion(region),
        created_time: time,
        updated_time: time,
      }))
  );
}
