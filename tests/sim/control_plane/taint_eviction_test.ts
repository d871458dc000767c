import assert from "node:assert/strict";
import type { Pod, Toleration } from "../../../schemas/kubernetes.ts";
import { evictionTimeMs } from "../../../sim/control_plane/taint_eviction.ts";
import { textAt } from "../../contract/steps.ts";
import { startPlane } from "./plane.ts";

const taint = { key: "a", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" } as const;
const addedMs = Date.UTC(2026, 0, 1);

function makePod(...tolerations: readonly Toleration[]): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [], tolerations },
  };
}

Deno.test("evictionTimeMs() is now without a toleration, and never with one that has no end", () => {
  assert.equal(evictionTimeMs(makePod(), [taint]), 0);
  assert.equal(evictionTimeMs(makePod({ key: "a", operator: "Exists" }), [taint]), undefined);
});

Deno.test("evictionTimeMs() is the end of the shortest toleration", () => {
  const pod = makePod(
    { key: "a", operator: "Exists", tolerationSeconds: 60 },
    { operator: "Exists", tolerationSeconds: 20 },
  );
  assert.equal(evictionTimeMs(pod, [taint]), addedMs + 20_000);
  const endless = makePod({ operator: "Exists" }, {
    key: "a",
    operator: "Exists",
    tolerationSeconds: 5,
  });
  assert.equal(evictionTimeMs(endless, [taint]), addedMs + 5_000);
});

Deno.test("a lost node's pods are deleted after five minutes, as every pod tolerates by default", async () => {
  await using plane = await startPlane({ nodeGraceMs: 40_000 });
  await plane.makeNode("n");
  await plane.makePod("p");
  assert.equal(textAt(await plane.pod("p"), "spec", "nodeName"), "n");
  await plane.clock.advance(40_000 + 290_000);
  assert.equal(textAt(await plane.pod("p"), "metadata", "deletionTimestamp"), "");
  await plane.clock.advance(20_000);
  assert.match(textAt(await plane.pod("p"), "metadata", "deletionTimestamp"), /Z$/);
});
