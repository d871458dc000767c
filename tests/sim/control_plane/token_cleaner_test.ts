import assert from "node:assert/strict";
import { send } from "../../contract/steps.ts";
import { startPlane } from "./plane.ts";

const secrets = "/api/v1/namespaces/kube-system/secrets";

Deno.test("bootstrap tokens go when their time is up, nothing else does", async () => {
  await using plane = await startPlane();
  const make = (name: string, type: string, expiration: string) =>
    send(plane, "POST", secrets, {
      body: { metadata: { name }, type, stringData: { expiration } },
    });
  const inOneMinute = new Date(plane.clock.now() + 60_000).toISOString();
  const token = "bootstrap.kubernetes.io/token";
  await make("bootstrap-token-aaaaaa", token, inOneMinute);
  await make("bootstrap-token-bbbbbb", token, "no time at all");
  await make("other", "Opaque", inOneMinute);
  await plane.clock.advance(50_000);
  const isThere = async (name: string) =>
    (await plane.request("GET", `${secrets}/${name}`)).status === 200;
  assert.ok(await isThere("bootstrap-token-aaaaaa"));
  assert.ok(!await isThere("bootstrap-token-bbbbbb"));
  await plane.clock.advance(15_000);
  assert.ok(!await isThere("bootstrap-token-aaaaaa"));
  assert.ok(await isThere("other"));
});
