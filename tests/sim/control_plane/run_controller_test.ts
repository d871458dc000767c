import assert from "node:assert/strict";
import { silentLog } from "../../../runtime/log.ts";
import type { Controller } from "../../../sim/control_plane/controller.ts";
import { runController } from "../../../sim/control_plane/run_controller.ts";
import { makeConfigMap } from "../../contract/steps.ts";
import { startInProcess } from "../api_server/in_process.ts";

/** Runs a controller while `use` lasts. */
async function withController(
  makeController: (looks: number[]) => Controller,
  use: (box: ReturnType<typeof startInProcess>, looks: number[]) => Promise<void>,
): Promise<void> {
  const box = startInProcess();
  const looks: number[] = [];
  const over = new AbortController();
  const deps = { clock: box.clock, server: box.server, log: silentLog };
  const running = runController(deps, makeController(looks), over.signal);
  await box.clock.advance(20);
  await use(box, looks);
  over.abort();
  await running;
  assert.equal(box.clock.sleeping, 0);
  box.server.close();
}

function watching(looks: number[], againAtMs?: (nowMs: number) => number): Controller {
  return {
    name: "test",
    watches: ["configmaps"],
    decide: (_view, nowMs) => {
      looks.push(nowMs);
      return { requests: [], againAtMs: againAtMs?.(nowMs) };
    },
  };
}

Deno.test("a controller looks when something it watches changes, once for a burst", async () => {
  await withController(watching, async (box, looks) => {
    assert.equal(looks.length, 1);
    for (const name of ["a", "b", "c"]) await makeConfigMap(box, "default", name);
    await box.clock.advance(100);
    assert.ok(looks.length <= 3, `${looks.length} looks`);
    const before = looks.length;
    await box.request("POST", "/api/v1/namespaces/default/secrets", {
      body: { metadata: { name: "s" } },
    });
    await box.clock.advance(100);
    assert.equal(looks.length, before);
  });
});

Deno.test("a controller looks again when it said it would", async () => {
  await withController((looks) => watching(looks, (nowMs) => nowMs + 5_000), async (box, looks) => {
    await box.clock.advance(20_000);
    assert.ok(looks.length >= 4 && looks.length <= 5, `${looks.length} looks`);
  });
});

Deno.test("a write that is refused is tried again later", async () => {
  const writes: Controller = {
    name: "test",
    watches: ["configmaps"],
    decide: () => ({
      requests: [{
        method: "POST",
        path: "/api/v1/namespaces/default/configmaps",
        body: { metadata: { name: "wanted" } },
      }],
    }),
  };
  await withController(() => writes, async (box) => {
    const path = "/api/v1/namespaces/default/configmaps/wanted";
    const remove = box.server.addHook({
      before: ({ method }) => method === "POST" ? new Response("", { status: 500 }) : undefined,
    });
    await box.request("DELETE", path);
    await box.clock.advance(3_000);
    assert.equal((await box.request("GET", path)).status, 404);
    remove();
    await box.clock.advance(2_000);
    assert.equal((await box.request("GET", path)).status, 200);
  });
});
