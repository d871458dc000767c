import assert from "node:assert/strict";
import { bootTimeouts } from "../../../controller/node_claim/boot_timeouts.ts";
import { minutes } from "../../../schemas/duration.ts";
import { buildAccount, buildEntry, ScriptedProvider } from "../../support/scripted_provider.ts";

const ofCloud = { launch: minutes(15), registration: minutes(15), initialization: minutes(15) };

Deno.test("bootTimeouts() are the cloud's, with the class's own in their place", () => {
  const entry = buildEntry({ timeouts: { registration: minutes(2) } });
  const account = buildAccount(new ScriptedProvider(), { entry });
  assert.deepEqual(bootTimeouts(account, 1), { ...ofCloud, registration: minutes(2) });
});

Deno.test("bootTimeouts() of an account that the class no longer lists are the cloud's", () => {
  const account = buildAccount(new ScriptedProvider(), { entry: undefined });
  assert.deepEqual(bootTimeouts(account, 8), ofCloud);
});
