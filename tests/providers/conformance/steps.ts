/**
 * What the cases of the conformance suite do again and again.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { LaunchOutcome, LaunchRequest } from "../../../providers/contract.ts";
import { ProviderError, type ProviderErrorKind } from "../../../providers/errors.ts";
import { findLeaks, toExposedText } from "../../support/leaks.ts";
import { drive, type ProviderWorld, type Purpose, type WorldChange } from "../provider_world.ts";

/** Registers one case, which gets a world of its own. */
export type Register = (
  what: string,
  run: (world: ProviderWorld) => Promise<void>,
  change?: WorldChange,
) => void;

/** The signal of a caller who waits for ever. */
export const never: AbortSignal = new AbortController().signal;

/** Name of the machine that most cases rent. */
export const name = "tgp-abc123-train-q7x2k9";

/** An id that no cloud has given out, in the shape that most have. */
export const unknownId = "5e1f0c9a7b3d4e2f8a6c0d1b2f3e4a5c";

/** Takes a place in the queue and sends an order; one that is still in time stays so. */
export async function launch(
  world: ProviderWorld,
  order: LaunchRequest = world.order(name),
): Promise<LaunchOutcome> {
  const inTime = order.sendBefore > world.clock.now();
  const permit = await drive(world, world.provider.acquireLaunch(never));
  const sendBefore = inTime
    ? Math.max(order.sendBefore, world.clock.now() + 60_000)
    : order.sendBefore;
  const outcome = await drive(
    world,
    world.provider.launch({ ...order, sendBefore }, permit, never),
  );
  assertSafe(world, outcome);
  return outcome;
}

/** Rents a machine. @returns Its id. */
export async function rent(world: ProviderWorld, order?: LaunchRequest): Promise<string> {
  const outcome = await launch(world, order);
  assert.ok(outcome.kind === "launched", JSON.stringify(outcome));
  return outcome.instanceId;
}

/** Rents a machine and lets it boot. @returns Its id. */
export async function rentAndBoot(world: ProviderWorld): Promise<string> {
  const id = await rent(world);
  await world.boot();
  return id;
}

/** A definite refusal, with words. */
export function assertRefused(
  outcome: LaunchOutcome,
  kind: Exclude<LaunchOutcome["kind"], "launched">,
): void {
  assert.ok(outcome.kind === kind, `${kind} expected: ${JSON.stringify(outcome)}`);
  assert.notEqual(outcome.message, "");
}

/** Waits for a call that has to fail. @returns What it threw. */
export async function assertThrows(
  world: ProviderWorld,
  promise: Promise<unknown>,
  kind?: ProviderErrorKind,
): Promise<ProviderError> {
  let answer: unknown;
  try {
    answer = await drive(world, promise);
  } catch (error) {
    assertSafe(world, error);
    assert.ok(error instanceof ProviderError, String(error));
    if (kind !== undefined) assert.equal(error.kind, kind, error.message);
    return error;
  }
  return assert.fail(`did not throw ${kind ?? "anything"} but gave ${JSON.stringify(answer)}`);
}

/** No secret of the world shows in a value. */
export function assertSafe(world: ProviderWorld, value: unknown): void {
  assert.deepEqual(findLeaks(toExposedText(value), world.secrets), []);
}

/** How often the cloud was asked for something. */
export function countRequests(world: ProviderWorld, purpose: Purpose): number {
  return world.requests().filter((request) => request.purpose === purpose).length;
}

/** A call that is waited for later; until then its failure is nobody's surprise. */
export function begin<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** What a call gave, and how long it took on the clock. */
export interface Timed<T> {
  readonly value: T;
  readonly tookMs: number;
}

/** Measures a call from `startMs` on. */
export async function timed<T>(
  { clock }: ProviderWorld,
  promise: Promise<T>,
  startMs: number = clock.now(),
): Promise<Timed<T>> {
  const value = await promise;
  return { value, tookMs: clock.now() - startMs };
}

/** One turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets everything happen that needs no time on the clock, requests that are under way included. */
export async function settle({ inFlight }: ProviderWorld): Promise<void> {
  let quiet = 0;
  for (let turn = 0; turn < 10_000 && quiet < 30; turn++) {
    await nextTurn();
    quiet = inFlight() > 0 ? 0 : quiet + 1;
  }
}

/** Waits until something holds; turns the clock for what is due soon. */
export async function waitFor(world: ProviderWorld, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn++) {
    await nextTurn();
    const due = world.clock.nextDueMs;
    if (due !== undefined && due - world.clock.now() < 10_000) {
      await world.clock.advance(Math.max(0, due - world.clock.now()));
    }
  }
  assert.ok(holds(), "waited for something that did not happen");
}
