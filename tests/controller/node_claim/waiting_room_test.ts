import assert from "node:assert/strict";
import { createWaitingRoom } from "../../../controller/node_claim/waiting_room.ts";
import { buildAccount, ScriptedProvider } from "../../support/scripted_provider.ts";

Deno.test("enter() lets few claims wait for one account, and does not mix accounts up", () => {
  const room = createWaitingRoom();
  const account = buildAccount(new ScriptedProvider());
  const leave = Array.from({ length: 4 }, () => room.enter(account));
  assert.ok(leave.every((one) => one !== undefined));
  assert.equal(room.enter(account), undefined);
  assert.ok(room.enter(buildAccount(new ScriptedProvider("second"))));
  leave[0]?.();
  leave[0]?.();
  assert.ok(room.enter(account));
  assert.equal(room.enter(account), undefined);
});
