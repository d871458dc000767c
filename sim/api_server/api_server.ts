/**
 * An in-memory Kubernetes API server: the subset that this project and kubectl use, with its real
 * semantics.
 *
 * It is a {@linkcode Handler} over its own state. All that takes time goes by the given clock, and no
 * request waits for anything but its own body and the hooks, so that it runs in virtual time.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { Cut, Handler, Peer } from "../handler.ts";
import type { WebhookFetch } from "./core.ts";
import { ApiError, unknownPath, unknownResource } from "./api_error.ts";
import { authenticate, type StaticTokens } from "./auth/authenticate.ts";
import { assertAllowed } from "./auth/authorize.ts";
import { impersonate } from "./auth/impersonate.ts";
import type { User } from "./auth/user.ts";
import { seedObjects } from "./bootstrap_objects.ts";
import { type Core, createEncoder, type ResourceCall } from "./core.ts";
import type { Hook, SeenRequest } from "./hooks.ts";
import { handlePath } from "./path_handler.ts";
import { handleResource } from "./resource_handler.ts";
import { parseRequestInfo, type RequestInfo, type ResourceRequest } from "./request_info.ts";
import { Registry } from "./resources/registry.ts";
import { respondError } from "./respond.ts";
import { handleReview, isReview } from "./auth/reviews.ts";
import { followDefinitions } from "./resources/custom_resource_cleanup.ts";
import { RuleChecker } from "./schema/rules.ts";
import { Store } from "./storage/store.ts";
import { decodeProtobuf, protobufType } from "./wire/decode_protobuf.ts";

/** What a server needs. */
export interface ApiServerOptions {
  readonly clock: Clock;
  /** For UIDs and generated names: seeded, they repeat. */
  readonly random: Random;
  /** Users by bearer token. Bootstrap tokens come from Secrets. @default {none} */
  readonly tokens?: StaticTokens;
  /**
   * Groups of bootstrap tokens that may ask for certificates, as `kubeadm init` binds them. None: as on
   * a bare API server, where a ClusterRoleBinding has to say so.
   *
   * @default {["system:bootstrappers"]}
   */
  readonly bootstrapGroups?: readonly string[];
  /** How many changes watches can go back. @default {10_000} */
  readonly historyLimit?: number;
  /**
   * Reaches the webhooks of ValidatingWebhookConfigurations, at their URLs or as
   * `https://<service>.<namespace>.svc:<port>`. @default {none can be reached}
   */
  readonly fetchWebhook?: WebhookFetch;
}

/** The identity that may do everything: pass it as `peer` to the handler. */
export const adminPeer: Peer = {
  certificate: { commonName: "kubernetes-admin", organizations: ["system:masters"] },
};

/** A running server. */
export interface ApiServer {
  readonly handler: Handler;
  /** Adds an observer of all traffic. @returns How to remove it. */
  readonly addHook: (hook: Hook) => () => void;
  /** The state, for whatever lives inside the control plane. */
  readonly store: Store;
  /** The resources served now. */
  readonly registry: Registry;
  /** Forgets history, so that watches from before must start over (410). */
  readonly compact: () => void;
  /** Ends all watches. */
  readonly close: () => void;
}

/** Creates a server with the objects that every cluster starts with. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { clock, random } = options;
  const store = new Store(options.historyLimit);
  const closing = new AbortController();
  const core: Core = {
    clock,
    random,
    store,
    registry: new Registry(store),
    closed: closing.signal,
    rules: new RuleChecker(),
    fetchWebhook: options.fetchWebhook,
    encode: createEncoder(),
  };
  followDefinitions(core);
  seedObjects(core, options.bootstrapGroups ?? ["system:bootstrappers"]);
  const tokens = options.tokens ?? new Map<string, User>();
  const hooks = new Set<Hook>();
  return {
    handler: (request, { peer }) => handle({ core, tokens, hooks }, request, peer),
    addHook(hook) {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    store,
    registry: core.registry,
    compact: () => store.compact(),
    close: () => closing.abort(),
  };
}

interface Server {
  readonly core: Core;
  readonly tokens: StaticTokens;
  readonly hooks: ReadonlySet<Hook>;
}

async function handle(server: Server, request: Request, peer: Peer): Promise<Response | Cut> {
  const url = new URL(request.url);
  const info = parseRequestInfo(request.method, url);
  const body = await readBody(request);
  const user = identify(server, request, peer);
  const seen: SeenRequest = {
    info,
    method: request.method,
    url,
    user: "error" in user ? undefined : user,
    body: body instanceof ApiError ? "" : body,
  };
  for (const hook of [...server.hooks]) {
    const answer = await hook.before?.(seen);
    if (answer) return answer;
  }
  const response = "error" in user
    ? respondError(user.error)
    : body instanceof ApiError
    ? respondError(body)
    : await carryOut(server.core, user, info, withBody(request, body));
  for (const hook of [...server.hooks]) {
    const answer = await hook.after?.(seen, response);
    if (answer) return answer;
  }
  // Go's server sets it, too; here it tells simulated time.
  response.headers.set("date", new Date(server.core.clock.now()).toUTCString());
  return response;
}

/** The body as JSON or YAML text, whatever it came in; or why it cannot be read. */
async function readBody(request: Request): Promise<string | ApiError> {
  if (request.body === null) return "";
  if (!isProtobuf(request)) return await request.text();
  try {
    return JSON.stringify(decodeProtobuf(new Uint8Array(await request.arrayBuffer())));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function isProtobuf({ headers }: Request): boolean {
  return headers.get("Content-Type")?.startsWith(protobufType) === true;
}

/** The same request with its body as text, to be read again. */
function withBody(request: Request, body: string): Request {
  const { method, signal } = request;
  const headers = new Headers(request.headers);
  if (isProtobuf(request)) headers.set("Content-Type", "application/json");
  const init: RequestInit = { method, headers, signal };
  return new Request(request.url, body === "" ? init : { ...init, body });
}

function identify(
  { core, tokens }: Server,
  request: Request,
  peer: Peer,
): User | { readonly error: unknown } {
  try {
    return authenticate(core.store, tokens, { request, peer, nowMs: core.clock.now() });
  } catch (error) {
    return { error };
  }
}

async function carryOut(
  core: Core,
  user: User,
  info: RequestInfo,
  request: Request,
): Promise<Response> {
  const warnings: string[] = [];
  try {
    const actor = impersonate(core, user, request.headers);
    assertAllowed(core, actor, info);
    if (info.kind === "path") return handlePath(core, info, request);
    if (isReview(info)) return await handleReview(core, actor, info, request);
    return await handleResource(core, { ...toCall(core, actor, info, request), warnings });
  } catch (error) {
    return respondError(error, warnings);
  }
}

function toCall(
  core: Core,
  user: User,
  info: ResourceRequest,
  request: Request,
): Omit<ResourceCall, "warnings"> {
  const definition = core.registry.find(info.group, info.version, info.plural);
  if (!definition) {
    throw core.registry.hasBuiltInGroup(info.group) ? unknownResource() : unknownPath();
  }
  const namespace = definition.namespaced ? info.namespace : "";
  const single = info.verb !== "list" && info.verb !== "watch" && info.verb !== "deletecollection";
  if (definition.namespaced && single && namespace === "") throw unknownResource();
  return { info, definition, namespace, user, request };
}
