/**
 * Running one controller: decide, write, wait for a change.
 *
 * @module
 */

import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { ApiServer } from "../api_server/api_server.ts";
import { cut } from "../handler.ts";
import { type ClusterView, type Controller, type ControlRequest, earlier } from "./controller.ts";

/** What controllers run with. */
export interface ControllerDeps {
  readonly clock: Clock;
  readonly server: ApiServer;
  readonly log: Log;
}

/** Changes within this time are looked at together. */
const batchMs = 10;

/** A decision that could not be carried out whole is made again after this time. */
const retryMs = 1000;

/** Runs a controller until the signal aborts. */
export async function runController(
  deps: ControllerDeps,
  controller: Controller,
  signal: AbortSignal,
): Promise<void> {
  const { clock, server, log } = deps;
  const changes = new Changes(server, controller);
  const view = toView(server);
  try {
    while (!signal.aborted) {
      changes.clear();
      const decision = await controller.decide(view, clock.now());
      let failed = false;
      for (const request of decision.requests) {
        if (!await send(deps, controller, request)) failed = true;
      }
      const retryAtMs = failed ? clock.now() + retryMs : undefined;
      await changes.wait(clock, earlier(decision.againAtMs, retryAtMs), signal);
      await clock.sleep(batchMs, signal);
    }
  } catch (error) {
    if (signal.aborted) return;
    log.error("Controller failed", {
      controller: controller.name,
      error: error instanceof Error ? error.message : String(error),
    });
    throw error;
  } finally {
    changes.close();
  }
}

/** Whether something has changed since the last look. */
class Changes {
  readonly #unsubscribe: () => void;
  #changed = true;
  #wake = () => {};

  constructor(server: ApiServer, { watches }: Controller) {
    const watched = new Set(watches);
    this.#unsubscribe = server.store.subscribe(({ storageKey }) => {
      if (!watched.has("*") && !watched.has(storageKey)) return;
      this.#changed = true;
      this.#wake();
    });
  }

  clear(): void {
    this.#changed = false;
  }

  /** Waits for a change, or a moment. */
  async wait(clock: Clock, atMs: number | undefined, signal: AbortSignal): Promise<void> {
    if (this.#changed) return;
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, signal]);
    const woken = new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      either.addEventListener("abort", () => reject(either.reason), { once: true });
    });
    const waits = [woken];
    if (atMs !== undefined) waits.push(clock.sleep(Math.max(0, atMs - clock.now()), either));
    try {
      await Promise.race(waits);
    } finally {
      this.#wake = () => {};
      over.abort();
      await Promise.allSettled(waits);
    }
  }

  close(): void {
    this.#unsubscribe();
  }
}

function toView({ store, registry }: ApiServer): ClusterView {
  return {
    list: (resource) => store.list(resource),
    get: (resource, namespace, name) => store.get(resource, namespace, name),
    resources: () => store.resources(),
    resourceOf: (group, kind) => registry.findKind(group, kind)?.storageKey,
    pathOf: (resource, namespace, name) => registry.pathOf(resource, namespace, name),
  };
}

/** Who writes: a component of the control plane, which may do everything. */
function peerOf(controller: Controller) {
  return {
    certificate: { commonName: `system:${controller.name}`, organizations: ["system:masters"] },
  };
}

/**
 * Sends a write.
 *
 * @returns Whether it may be forgotten: refusals because the object is gone or was changed meanwhile
 * count as done, since the change makes the controller decide again.
 */
async function send(
  { server, log }: ControllerDeps,
  controller: Controller,
  request: ControlRequest,
): Promise<boolean> {
  const contentType = request.contentType ??
    (request.method === "PATCH" ? "application/merge-patch+json" : "application/json");
  const init: RequestInit = {
    method: request.method,
    headers: { "Content-Type": contentType, "User-Agent": controller.name },
  };
  const response = await server.handler(
    new Request(
      `https://kubernetes${request.path}`,
      request.body === undefined ? init : { ...init, body: JSON.stringify(request.body) },
    ),
    { peer: peerOf(controller) },
  );
  if (response === cut) return false;
  if (response.ok || response.status === 404 || response.status === 409) {
    await response.body?.cancel();
    return true;
  }
  log.warn("Control plane write refused", {
    controller: controller.name,
    method: request.method,
    path: request.path,
    status: response.status,
    answer: await response.text(),
  });
  return false;
}
