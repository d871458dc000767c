import assert from "node:assert/strict";
import { startAdmissionWorld } from "../../support/admission_world.ts";
import {
  formatWrongWays,
  readWrongWays,
  type WrongWay,
  wrongWaysPage,
} from "../../support/wrong_ways.ts";

Deno.test("every wrong way is answered in words that tell what would be right", async (t) => {
  const { preface, ways } = await readWrongWays();
  assert.equal(ways.length, 25);
  await using world = await startAdmissionWorld();
  const answered: WrongWay[] = [];
  for (const way of ways) answered.push({ ...way, answer: await world.apply(way.yaml) });
  if (Deno.args.includes("--update")) {
    return await Deno.writeTextFile(wrongWaysPage, formatWrongWays({ preface, ways: answered }));
  }
  for (const [index, { heading, answer }] of answered.entries()) {
    await t.step(heading, () => assert.equal(answer, ways[index]?.answer));
  }
});
