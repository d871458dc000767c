/**
 * Rents the cheapest machine of a real account and gives it back. Costs money, a little.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LaunchRequest, Offer, Provider } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import { systemClock } from "../../runtime/clock.ts";
import { randomWord, systemRandom } from "../../runtime/random.ts";
import { connectLive, type LiveAccount, liveClusterId } from "./live_accounts.ts";
import { findCheapest } from "./read_checks.ts";
import { say } from "./say.ts";

const never = new AbortController().signal;

/** How long a machine may take to go, in milliseconds. */
const endMs = 20 * 60_000;

/** How launches may be tried. */
export interface LaunchLimits {
  /** USD per hour; dearer offers are not touched. */
  readonly maxPricePerHour: number;
  /** Time between two looks, in milliseconds. */
  readonly lookMs: number;
}

/**
 * Rents, looks, ends and confirms.
 *
 * **Guarantees**: whatever happens after the order was sent, everything that bears its name is ended and
 * confirmed to be gone, or the test fails loudly and names it.
 */
export async function checkLaunch(
  account: LiveAccount,
  { maxPricePerHour, lookMs }: LaunchLimits,
): Promise<void> {
  const { provider } = connectLive(account);
  const tell = (words: string) => say(`${account.name}: ${words}`);
  const offer = findCheapest(await provider.listOffers({}, never));
  assert.ok(offer !== undefined, "there is nothing to buy now");
  const price = offer.price.perHour / 1e6;
  assert.ok(
    price <= maxPricePerHour,
    `the cheapest offer costs ${price} USD/h, TGP_LIVE_MAX_PRICE allows ${maxPricePerHour}`,
  );
  const name = `tgp-${liveClusterId}-live-${randomWord(systemRandom, 6)}`;
  const permit = await provider.acquireLaunch(never);
  tell(`renting ${offer.instanceType} in ${offer.location.region} at ${price} USD/h as ${name}`);
  try {
    const outcome = await provider.launch(toOrder(name, offer, provider), permit, never);
    tell(outcome.kind === "launched" ? `launched ${outcome.instanceId}` : JSON.stringify(outcome));
    if (outcome.kind === "launched") await lookUp(provider, name, lookMs);
    else if (outcome.kind !== "unknown") return;
    assert.equal(outcome.kind, "launched");
  } finally {
    await endAll(provider, name, lookMs, tell);
  }
}

/** The machine is in the list, ours, within the time that the cloud may take to show it. */
async function lookUp(provider: Provider, name: string, lookMs: number): Promise<void> {
  const deadline = systemClock.now() + provider.info().settle;
  for (;;) {
    const [found] = await findByName(provider, name);
    if (found !== undefined) {
      return assert.deepEqual(found.ownership, { kind: "ours", claimName: name });
    }
    assert.ok(systemClock.now() < deadline, `${name} is in no list`);
    await systemClock.sleep(lookMs);
  }
}

/** Ends everything of that name, again and again, until two lists in a row do not show it alive. */
async function endAll(
  provider: Provider,
  name: string,
  lookMs: number,
  tell: (words: string) => void,
): Promise<void> {
  const startedAt = systemClock.now();
  const settledAt = startedAt + provider.info().settle;
  let seen = false;
  for (let clear = 0; clear < 2 || (!seen && systemClock.now() < settledAt);) {
    if (systemClock.now() > startedAt + endMs) {
      assert.fail(`${name} may still run: look at the vendor's console, and end it there`);
    }
    try {
      const alive = await findByName(provider, name);
      seen ||= alive.length > 0;
      clear = alive.length === 0 ? clear + 1 : 0;
      for (const { id, state } of alive) {
        if (state === "terminating") tell(`${id} is terminating`);
        else {
          await provider.terminate(id, never);
          tell(`${id} was ${state}, and is told to end`);
        }
      }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      clear = 0;
      tell(`cannot end it yet: ${error.message}`);
    }
    await systemClock.sleep(lookMs);
  }
  tell(`${name} is gone`);
  const removed = await provider.removeLeftovers((claimName) => claimName !== name, never);
  for (const what of removed) tell(`removed ${what}`);
}

async function findByName(provider: Provider, name: string) {
  const instances = await provider.listInstances(never);
  return instances.filter((instance) => instance.name === name && instance.state !== "terminated");
}

/** A machine that does nothing, or a container that sleeps. */
function toOrder(name: string, offer: Offer, provider: Provider): LaunchRequest {
  const { userDataFormat, joinsAs } = provider.info();
  const userData = userDataFormat === "cloud-config" ? "#cloud-config\n" : "#!/bin/sh\ntrue\n";
  return {
    name,
    claimUid: "00000000-0000-4000-8000-000000000000",
    nodePool: "live",
    instanceType: offer.instanceType,
    region: offer.location.region ?? "",
    capacityType: offer.capacityType,
    workload: joinsAs === "node" ? { kind: "machine", userData } : {
      kind: "container",
      image: "ubuntu:24.04",
      args: ["sleep", "600"],
      env: {},
      ports: [],
      diskGb: 20,
    },
    sendBefore: systemClock.now() + 60_000,
  };
}
