/**
 * What can be tried with a real account without buying anything.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Offer, Provider } from "../../providers/contract.ts";
import { ProviderError } from "../../providers/errors.ts";
import { readRecordedDocuments } from "../support/recorded_documents.ts";
import { connectLive, type LiveAccount, toEntryVariable } from "./live_accounts.ts";
import { say } from "./say.ts";

const never = new AbortController().signal;

/** Well-formed, and given out by nobody. */
const unknownId = "5e1f0c9a7b3d4e2f8a6c0d1b2f3e4a5c";

/** Every read of the contract, each a step. */
export async function checkReads(t: Deno.TestContext, account: LiveAccount): Promise<void> {
  const { provider, traffic } = connectLive(account);
  const tell = (words: string) => say(`${account.name}: ${words}`);
  let offers: readonly Offer[] = [];

  await t.step("the key is right", async () => tell(await verify(provider, account)));
  await t.step("machines can be listed", async () => {
    const instances = await provider.listInstances(never);
    const ours = instances.filter(({ ownership }) => ownership.kind === "ours");
    tell(`${instances.length} machines, ${ours.length} of live tests`);
    for (const { id, rawState, state } of instances) {
      if (state === "unknown") tell(`machine ${id} is in a state that no table has: ${rawState}`);
    }
    const [first] = instances;
    if (first === undefined) return;
    const found = await provider.getInstance(first.id, never);
    assert.ok(found === null || found.providerID === first.providerID);
  });
  await t.step("a machine that does not exist is told from a failure", async () => {
    const found = await provider.getInstance(unknownId, never).catch((error) => error);
    const isRefused = found instanceof ProviderError && found.kind === "invalid_request";
    assert.ok(found === null || isRefused, String(found));
  });
  await t.step("offers can be listed", async () => {
    offers = await provider.listOffers({}, never);
    assert.ok(offers.length > 0, "no offers");
    assert.equal(new Set(offers.map(({ id }) => id)).size, offers.length, "ids repeat");
    tell(describeOffers(offers));
    for (const words of findStrangers(offers)) tell(words);
  });
  await t.step("the cheapest offer has a price of its own", async () => {
    const cheapest = findCheapest(offers.filter((offer) => offer.gpu?.known));
    if (cheapest?.gpu === undefined) return tell("no GPU to buy now");
    const { gpu, location } = cheapest;
    const price = await provider.getPricing(gpu.model, location.region ?? "", never);
    tell(`${gpu.model} in ${location.region}: ${price.perGpuHour / 1e6} USD per GPU-hour`);
    assert.ok(price.perGpuHour > 0);
  });
  await t.step("the account can be checked", async () => {
    for (const { what, state, message } of await provider.checkAccount(never)) {
      tell(`${what} ${state}: ${message}`);
    }
  });
  await t.step("answers are as the documents have them", async () => {
    const documents = await readRecordedDocuments(account.recorded);
    const statuses = new Set(traffic.exchanges.map(({ response }) => response.status));
    tell(`${traffic.exchanges.length} answers, statuses ${[...statuses].sort().join(", ")}`);
    assert.ok(traffic.exchanges.length > 0);
    assert.deepEqual(traffic.findProblems(documents), []);
  });
}

/** A key that is right although something that launches name is missing is right. */
async function verify(provider: Provider, { name }: LiveAccount): Promise<string> {
  try {
    const { account } = await provider.verifyCredentials(never);
    return `the key is right${account === undefined ? "" : `, of account ${account}`}`;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== "invalid_request") throw error;
    return `the key is right, but launches would fail: ${error.message}; see ${
      toEntryVariable(name)
    }`;
  }
}

/** The cheapest offer that can be bought now. */
export function findCheapest(offers: readonly Offer[]): Offer | undefined {
  return offers
    .filter(({ available, capacityType, location, price }) =>
      available && capacityType === "on-demand" && location.region !== undefined &&
      price.suspect === undefined
    )
    .sort((left, right) => left.price.perHour - right.price.perHour)[0];
}

function describeOffers(offers: readonly Offer[]): string {
  const available = offers.filter((offer) => offer.available).length;
  const cheapest = findCheapest(offers);
  const words = cheapest === undefined
    ? "nothing to buy"
    : `cheapest ${cheapest.instanceType} at ${cheapest.price.perHour / 1e6} USD/h`;
  return `${offers.length} offers, ${available} available, ${words}`;
}

/** What our tables lack: to be added. */
function findStrangers(offers: readonly Offer[]): readonly string[] {
  const models = offers.flatMap(({ gpu }) => gpu?.known === false ? [gpu.model] : []);
  const regions = offers.flatMap(({ location: { region, country } }) =>
    region !== undefined && country === undefined ? [region] : []
  );
  return [
    ...[...new Set(models)].map((model) => `GPU in no table: ${model}`),
    ...[...new Set(regions)].map((region) => `region in no table: ${region}`),
  ];
}
