import assert from "node:assert/strict";
import { asObject, getIn, type Json } from "../../../sim/api_server/json.ts";
import { send } from "../../contract/steps.ts";
import { type Plane, startPlane } from "./plane.ts";

const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

async function makeHealthyPods(plane: Plane, count: number): Promise<void> {
  await plane.makeNode("n");
  for (let index = 0; index < count; index++) {
    await plane.makePod(`p${index}`, { metadata: { labels: { app: "x" } } });
    await send(plane, "PATCH", `/api/v1/namespaces/default/pods/p${index}/status`, {
      contentType: "application/strategic-merge-patch+json",
      body: { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
    });
  }
}

async function countWith(plane: Plane, spec: Readonly<Record<string, Json>>): Promise<Json> {
  const selector = { matchLabels: { app: "x" } };
  await send(plane, "POST", budgets, {
    body: { metadata: { name: "b" }, spec: { selector, ...spec } },
  });
  await plane.clock.advance(100);
  const status = asObject(getIn(await send(plane, "GET", `${budgets}/b`), "status"));
  return [status.disruptionsAllowed ?? null, status.desiredHealthy ?? null];
}

Deno.test.each(
  [
    [{ minAvailable: 2 }, [2, 2]],
    [{ minAvailable: "60%" }, [1, 3]],
    [{ maxUnavailable: 1 }, [1, 3]],
    [{ maxUnavailable: "30%" }, [2, 2]],
    [{ minAvailable: 4 }, [0, 4]],
  ] satisfies readonly (readonly [Readonly<Record<string, Json>>, Json])[],
)("a budget of %j over four healthy pods allows, and wants: %j", async (spec, expected) => {
  await using plane = await startPlane();
  await makeHealthyPods(plane, 4);
  assert.deepEqual(await countWith(plane, spec), expected);
});

Deno.test("a granted disruption counts until its pod is gone, or two minutes are", async () => {
  await using plane = await startPlane();
  await makeHealthyPods(plane, 2);
  await countWith(plane, { minAvailable: 1 });
  const allowed = async () =>
    getIn(await send(plane, "GET", `${budgets}/b`), "status", "disruptionsAllowed");
  const status = asObject(getIn(await send(plane, "GET", `${budgets}/b`), "status"));
  const since = new Date(plane.clock.now()).toISOString();
  await send(plane, "PATCH", `${budgets}/b/status`, {
    body: { status: { ...status, disruptedPods: { p0: since } } },
  });
  await plane.clock.advance(100);
  assert.equal(await allowed(), 0);
  await plane.clock.advance(125_000);
  assert.equal(await allowed(), 1);
});
