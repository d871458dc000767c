import assert from "node:assert/strict";
import { beingServed, claimCreated, notServed } from "../../../controller/provisioner/events.ts";
import type { NewNode } from "../../../scheduling/plan.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildClaim } from "../../support/controller_builders.ts";

const pod = { namespace: "default", name: "train", uid: "pod-uid" };
const plan = {
  poolName: "gpu",
  pods: [pod, pod],
  pricePerHour: parseUsd("1.29"),
  ceilingPerHour: parseUsd("1.61"),
} as Partial<NewNode> as NewNode;

Deno.test("beingServed() tells the pod what is bought for it", () => {
  const note = beingServed(pod, "tgp-abc123-gpu-aaaaaa", plan);
  assert.deepEqual(note.object, { apiVersion: "v1", kind: "Pod", ...pod });
  assert.equal(
    note.message,
    "Buying a machine (claim tgp-abc123-gpu-aaaaaa) from pool gpu for about $1.29/h",
  );
});

Deno.test("claimCreated() tells for whom and at most for how much", () => {
  const note = claimCreated(buildClaim(), plan);
  assert.equal(note.object.kind, "GPUNodeClaim");
  assert.equal(note.message, "For 2 pods of pool gpu, at most $1.61/h");
  const single = claimCreated(buildClaim(), { ...plan, pods: [pod] });
  assert.equal(single.message, "For 1 pod of pool gpu, at most $1.61/h");
});

const reason = (pool: string, message: string) => ({ pool, kind: "offers" as const, message });
const refusals: readonly (readonly [Parameters<typeof notServed>[0], string])[] = [
  [
    { pod, refusal: "it asks for a claim of devices", reasons: [] },
    "it asks for a claim of devices",
  ],
  [{ pod, reasons: [] }, "there is no GPUNodePool"],
  [
    { pod, reasons: [reason("a", "sold out"), reason("b", "too dear")] },
    "a: sold out; b: too dear",
  ],
];

for (const [unplaced, why] of refusals) {
  Deno.test(`notServed() says why: ${why}`, () => {
    const note = notServed(unplaced);
    assert.equal(note.type, "Warning");
    assert.equal(note.message, `No machine is bought for this pod: ${why}`);
  });
}

Deno.test("notServed() fits into an Event", () => {
  const reasons = [reason("a", "x".repeat(2_000))];
  assert.ok(notServed({ pod, reasons }).message.length <= 1024);
});
