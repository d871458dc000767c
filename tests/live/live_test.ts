/**
 * `deno task test:live`: the real vendors, with real keys from the environment.
 *
 * | Variable | Does |
 * | --- | --- |
 * | `LAMBDA_API_KEY`, `PAPERSPACE_API_KEY`, `RUNPOD_API_KEY` | a cloud without its key is skipped, loudly |
 * | `TGP_LAMBDA_URL` and its like | replace a vendor's scheme and host: simulators, proxies |
 * | `TGP_LIVE_<CLOUD>_ENTRY` | changes the account's entry of a GPUNodeClass, as JSON |
 * | `TGP_LIVE_LAUNCH=1` | rents the cheapest machine of each cloud, and gives it back |
 * | `TGP_LIVE_MAX_PRICE` | USD per hour that such a machine may cost; 2 when absent |
 * | `TGP_LIVE_LOOK_SECONDS` | time between two looks at it; 10 when absent |
 *
 * `deno task test:live --controller` also runs the controller against the vendors; it buys nothing.
 *
 * @module
 */

import assert from "node:assert/strict";
import { checkController } from "./controller_check.ts";
import { checkLaunch } from "./launch_check.ts";
import { readLiveSetting } from "./live_accounts.ts";
import { checkReads } from "./read_checks.ts";
import { say } from "./say.ts";

/** In USD: the cheapest machine of every cloud costs less, and an hour of it harms nobody. */
const defaultMaxPricePerHour = "2";

const env = (name: string) => Deno.env.get(name);
const { accounts, missing } = await readLiveSetting(env);
const mayLaunch = env("TGP_LIVE_LAUNCH") === "1";
const withController = Deno.args.includes("--controller");

for (const { name, variable } of missing) {
  say(`!!! SKIPPED: ${name}: there is no key in ${variable}`);
  Deno.test({ name: `${name}: skipped, ${variable} is not set`, ignore: true, fn() {} });
}

for (const account of accounts) {
  Deno.test(`${account.name}: reads`, (t) => checkReads(t, account));
  if (!mayLaunch) {
    say(`!!! SKIPPED: ${account.name}: launches cost money, TGP_LIVE_LAUNCH=1 tries one`);
  }
  Deno.test({
    name: `${account.name}: a machine is rented and given back`,
    ignore: !mayLaunch,
    fn: () => checkLaunch(account, readLimits()),
  });
}

if (withController) {
  Deno.test({
    name: "the controller knows every account",
    ignore: accounts.length === 0,
    fn: () => checkController(accounts),
  });
}

function readLimits() {
  const maxPricePerHour = Number(env("TGP_LIVE_MAX_PRICE") ?? defaultMaxPricePerHour);
  assert.ok(
    maxPricePerHour > 0,
    "Set TGP_LIVE_MAX_PRICE to what a machine may cost, in USD per hour",
  );
  return { maxPricePerHour, lookMs: Number(env("TGP_LIVE_LOOK_SECONDS") ?? 10) * 1_000 };
}
