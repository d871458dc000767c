import assert from "node:assert/strict";
import fc from "fast-check";
import { decidePresence, type InstanceList } from "../../../controller/accounts/presence.ts";
import { buildInstance } from "../../support/controller_builders.ts";

const name = "tgp-abc123-gpu-aaaaaa";
const question = {
  instanceId: "i-1" as string | undefined,
  machineName: name,
  notBefore: 100,
  seen: true,
  settledAt: 1_000,
};
const without = (startedAt: number): InstanceList => ({ startedAt, instances: [] });
const having = (startedAt: number, change = {}): InstanceList => ({
  startedAt,
  instances: [buildInstance(change)],
});

Deno.test("decidePresence() says gone only after two complete lists without a seen machine", () => {
  assert.equal(decidePresence({ ...question, lists: [] }).kind, "undecided");
  assert.equal(decidePresence({ ...question, lists: [without(200)] }).kind, "undecided");
  assert.equal(decidePresence({ ...question, lists: [without(300), without(200)] }).kind, "gone");
});

Deno.test("decidePresence() ignores lists from before the order or the termination", () => {
  const lists = [without(200), without(99), without(50)];
  assert.equal(decidePresence({ ...question, lists }).kind, "undecided");
});

Deno.test("decidePresence() waits for the settle time of a machine that was never seen", () => {
  const unseen = { ...question, seen: false, instanceId: undefined };
  assert.equal(
    decidePresence({ ...unseen, lists: [without(900), without(800)] }).kind,
    "undecided",
  );
  assert.equal(
    decidePresence({ ...unseen, lists: [without(1_001), without(900)] }).kind,
    "undecided",
  );
  assert.equal(decidePresence({ ...unseen, lists: [without(1_100), without(1_001)] }).kind, "gone");
});

Deno.test("decidePresence() finds a machine by name where no id is known, and only ours", () => {
  const unseen = { ...question, seen: false, instanceId: undefined };
  assert.equal(decidePresence({ ...unseen, lists: [having(200)] }).kind, "present");
  const foreign = having(200, { ownership: { kind: "foreign" } });
  assert.equal(decidePresence({ ...unseen, lists: [foreign] }).kind, "undecided");
});

Deno.test("decidePresence() counts a terminated machine as missing and a reappearing one as present", () => {
  const terminated = (startedAt: number) => having(startedAt, { state: "terminated" });
  assert.equal(
    decidePresence({ ...question, lists: [terminated(300), terminated(200)] }).kind,
    "gone",
  );
  assert.equal(decidePresence({ ...question, lists: [having(300), without(200)] }).kind, "present");
  const flickering = [without(400), having(300), without(200)];
  assert.equal(decidePresence({ ...question, lists: flickering }).kind, "undecided");
});

Deno.test("decidePresence() never calls a machine gone that the newest list holds", () => {
  fc.assert(fc.property(
    fc.array(fc.boolean(), { maxLength: 5 }),
    fc.boolean(),
    fc.nat(2_000),
    (older, seen, notBefore) => {
      const lists = [
        having(3_000),
        ...older.map((has, index) => has ? having(2_999 - index) : without(2_999 - index)),
      ];
      const decision = decidePresence({ ...question, lists, seen, notBefore });
      assert.equal(decision.kind, "present");
    },
  ));
});
