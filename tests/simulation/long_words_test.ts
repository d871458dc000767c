import assert from "node:assert/strict";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import { cut, type Handler } from "../../sim/handler.ts";
import { createScene, isOver, minute, podOf, readLedger } from "./scenario.ts";

const longRegion = "us-" + "far-".repeat(20) + "1";
const longState = "booting".repeat(20);
const idTail = "0".repeat(700);
const ids = /[0-9a-f]{32}/g;

/** The cloud, with ids of 732 characters and a word for booting of 140. */
async function speakAtLength(request: Request, serve: Handler): ReturnType<Handler> {
  const shorten = (text: string) => text.replaceAll(idTail, "");
  const body = request.method === "POST" ? shorten(await request.text()) : null;
  const { method, headers } = request;
  const response = await serve(
    new Request(shorten(request.url), { method, headers, body }),
    { peer: {} },
  );
  if (response === cut) return cut;
  const text = (await response.text()).replace(ids, (id) => id + idTail)
    .replaceAll('"status":"booting"', `"status":"${longState}"`);
  return new Response(text, { status: response.status, headers: response.headers });
}

Deno.test("a cloud of many words loses us no machine, and sells us nothing that a claim cannot hold", async () => {
  const stock = { gpu_1x_a10: { [longRegion]: 5, "us-west-1": 1 } };
  await using world = await createScene(1, { stock });
  world.onCloudRequest = speakAtLength;
  world.startController();
  await world.apply(podOf("work"));
  const readClaim = async () => (await world.kube.list(nodeClaims)).items[0];
  await world.until(
    "the machine is seen booting",
    async () => (await readClaim())?.status?.instanceState !== undefined,
    5 * minute,
  );
  const { status } = await readClaim() ?? {};
  assert.equal(status?.instanceState, `${longState.slice(0, 63)}…`);
  assert.equal(status?.launch?.offer.region, "us-west-1");
  await world.until("the pod succeeds", () => world.succeeded.has("work"), 90 * minute);
  await world.until("everything is given back", () => isOver(world), 60 * minute);
  const [machine, ...others] = world.cloud.machines();
  assert.ok(machine);
  assert.deepEqual(others, []);
  assert.equal(machine.state, "terminated");
  assert.deepEqual((await readLedger(world)).map(({ instanceID }) => instanceID), [
    machine.id + idTail,
  ]);
});
