import assert from "node:assert/strict";
import { claimViews } from "../../../plugin/claims/claim_view.ts";
import { describeClaimStep, selectClaimStep } from "../../../plugin/claims/claim_step.ts";
import { steps } from "../../support/plugin_objects.ts";

function claim(names: readonly string[], extra: Record<string, unknown> = {}, deleting = false) {
  return claimViews.parse({
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClaim",
    metadata: { name: "c", ...(deleting ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) },
    spec: { nodeClassRef: { name: "default" } },
    status: { steps: steps(...names), ...extra },
  });
}

const boot = ["Ordered", "Accepted", "Running", "Registered", "Initialized"];

Deno.test("describeClaimStep() counts the steps of a boot", () => {
  const texts = [0, 1, 2, 3, 4, 5].map((count) => describeClaimStep(claim(boot.slice(0, count))));
  assert.deepEqual(texts, [
    ...["waiting", "ordering 1/5", "booting 2/5", "joining 3/5", "initializing 4/5", "ready"],
  ]);
});

Deno.test("selectClaimStep() follows the end, whatever the boot had reached", () => {
  const end = ["EndDecided", "Drained", "TerminateSent", "Gone"];
  const texts = [1, 2, 3, 4].map((count) =>
    selectClaimStep(claim([...boot, ...end.slice(0, count)]))
  );
  assert.deepEqual(texts, ["draining", "terminating", "terminating", "gone"]);
});

Deno.test("selectClaimStep() sees a deletion that the controller has not yet seen", () => {
  assert.equal(selectClaimStep(claim(boot, {}, true)), "ending");
});

Deno.test("describeClaimStep() says why a claim ends", () => {
  const end = { reason: "LaunchTimeout", message: "too slow" };
  assert.equal(
    describeClaimStep(claim(["Ordered", "EndDecided"], { end })),
    "draining: LaunchTimeout",
  );
});
