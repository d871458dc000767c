/**
 * What tests of Paperspace's adapter do again and again.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { LaunchOutcome, LaunchRequest, Provider } from "../../../providers/contract.ts";
import type { PaperspaceOptions } from "../../../schemas/clouds/paperspace.ts";
import type { PaperspaceCloudOptions } from "../../../sim/clouds/paperspace/mod.ts";
import { drive } from "../provider_world.ts";
import {
  createPaperspaceWorld,
  paperspaceEntry,
  type PaperspaceWorld,
} from "./paperspace_world.ts";

/** The signal of a caller who waits for ever. */
export const never: AbortSignal = new AbortController().signal;

/** Name of the machine that most tests rent. */
export const name = "tgp-abc123-train-q7x2k9";

/** A world in process. */
export function createWorld(
  paperspace: PaperspaceOptions = {},
  options: Partial<PaperspaceCloudOptions> & { readonly regions?: string[] } = {},
): Promise<PaperspaceWorld> {
  const { regions, ...rest } = options;
  const entry = paperspaceEntry(paperspace, regions && { regions });
  return createPaperspaceWorld("in process", { entry, ...rest });
}

/** Sends an order. */
export async function launch(
  world: PaperspaceWorld,
  change: Partial<LaunchRequest> = {},
  provider: Provider = world.provider,
): Promise<LaunchOutcome> {
  const permit = await drive(world, provider.acquireLaunch(never));
  const order = { ...world.order(name), sendBefore: world.clock.now() + 60_000, ...change };
  return await drive(world, provider.launch(order, permit, never));
}

/** Rents a machine. @returns Its id. */
export async function rent(
  world: PaperspaceWorld,
  change: Partial<LaunchRequest> = {},
): Promise<string> {
  const outcome = await launch(world, change);
  assert.ok(outcome.kind === "launched", JSON.stringify(outcome));
  return outcome.instanceId;
}

/** Names of scripts that exist. */
export function scriptNames({ cloud }: PaperspaceWorld): readonly string[] {
  return cloud.startupScripts().filter(({ deleted }) => !deleted).map((script) => script.name);
}

/** Static addresses that bill. */
export function billedAddresses({ cloud }: PaperspaceWorld): readonly string[] {
  return cloud.publicIps().filter(({ released }) => !released).map(({ ip }) => ip);
}

/** Asks the cloud for something with the team's key, behind the adapter's back. */
export async function ask(
  { cloud, secrets: [apiKey] }: PaperspaceWorld,
  method: "POST" | "PUT",
  path: string,
  body: unknown,
): Promise<void> {
  const response = await cloud.handler(
    new Request(`http://cloud.test/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
    { peer: {} },
  );
  assert.ok(response instanceof Response && response.ok);
}

/** Methods and paths of the requests since so many. */
export function requestsSince(world: PaperspaceWorld, count: number): readonly string[] {
  return world.requests().slice(count).map(({ text }) => text.replace("/v1", ""));
}

/** The process dies. */
export class Killed extends Error {
  override name = "Killed";
}

/**
 * Runs a call and kills its process once so many requests have reached the cloud; their answers are never
 * read.
 *
 * @returns Whether it was killed before it was done.
 */
export async function killAfter(
  world: PaperspaceWorld,
  requests: number,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const controller = new AbortController();
  const last = world.requests().length + requests;
  let done = false;
  const running = call(controller.signal).then(() => {}, (error) => {
    if (!(error instanceof Killed)) throw error;
  }).finally(() => done = true);
  while (!done && !controller.signal.aborted) {
    if (world.requests().length >= last) controller.abort(new Killed());
    const due = world.clock.nextDueMs;
    if (due !== undefined && world.inFlight() === 0 && !controller.signal.aborted) {
      await world.clock.advance(Math.max(0, due - world.clock.now()));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const killed = !done;
  await running;
  return killed;
}
