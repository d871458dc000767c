import assert from "node:assert/strict";
import fc from "fast-check";
import { claimName, readPlannedPods, toClaim } from "../../../controller/provisioner/new_claim.ts";
import { createSeededRandom, randomWord } from "../../../runtime/random.ts";
import type { NewNode } from "../../../scheduling/plan.ts";
import { minutes } from "../../../schemas/duration.ts";
import { labelValueSchema, nameSchema } from "../../../schemas/meta.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { nodeClaimSpecSchema } from "../../../schemas/node_claim.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { buildClaim, buildPool } from "../../support/controller_builders.ts";
import { ControllerWorld } from "../../support/controller_world.ts";

const plan: NewNode = {
  poolName: "gpu",
  className: "default",
  pods: [{ namespace: "default", name: "pod", uid: "pod-uid" }],
  requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["A10-24GB"] }],
  resources: { "nvidia.com/gpu": wholeQuantity(1) },
  ceilingPerHour: parseUsd("1.61"),
  pricePerHour: parseUsd("1.29"),
  rankedOfferIds: ["of-1"],
  taints: [{ key: "gpu", effect: "NoSchedule" }],
  startupTaints: [{ key: "cni", value: "wait", effect: "NoExecute" }],
  labels: { team: "a" },
  annotations: { note: "b" },
};

Deno.test("claimName() is a name that claim, Node, hostname and machine can share", () => {
  const pool = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  const cluster = fc.stringMatching(/^[a-z0-9]{6}$/);
  fc.assert(
    fc.property(pool, cluster, fc.integer(), (poolName, clusterId, seed) => {
      const name = claimName(clusterId, poolName, randomWord(createSeededRandom(seed), 6));
      assert.ok(nameSchema.safeParse(name).success, name);
      assert.ok(labelValueSchema.safeParse(name).success, name);
      assert.ok(name.length <= 63);
      // Ownership is read back from this prefix.
      assert.equal(/^tgp-([a-z0-9]{6})-/.exec(name)?.[1], clusterId);
    }),
  );
});

Deno.test("claimName() cuts the pool's name to 30 characters, and no dash is left over", () => {
  assert.equal(claimName("abc123", "gpu", "xyz789"), "tgp-abc123-gpu-xyz789");
  const long = `${"a".repeat(29)}-tail`;
  assert.equal(claimName("abc123", long, "xyz789"), `tgp-abc123-${"a".repeat(29)}-xyz789`);
});

Deno.test("toClaim() writes what the plan counts on, and the pool's terms of the end", () => {
  const pool = buildPool({
    spec: {
      template: { spec: { terminationGracePeriod: minutes(10) } },
      disruption: { consolidationPolicy: "Never", consolidateAfter: minutes(3) },
    },
  });
  const claim = toClaim("name", plan, pool);
  const spec = nodeClaimSpecSchema.parse(claim.spec);
  assert.deepEqual(spec, {
    nodeClassRef: { name: "default" },
    nodePoolRef: { name: "gpu" },
    requirements: plan.requirements,
    resources: plan.resources,
    labels: plan.labels,
    annotations: plan.annotations,
    taints: [{ key: "gpu", effect: "NoSchedule", value: undefined }],
    startupTaints: plan.startupTaints,
    maxPricePerHour: plan.ceilingPerHour,
    terminationGracePeriod: minutes(10),
    consolidationPolicy: "Never",
    consolidateAfter: minutes(3),
  });
  assert.deepEqual(claim.metadata.labels, {
    "tgp.io/node-pool": "gpu",
    "tgp.io/node-class": "default",
  });
  assert.deepEqual(claim.metadata.ownerReferences?.map(({ kind, uid }) => [kind, uid]), [
    ["GPUNodePool", "pool-uid"],
  ]);
});

Deno.test("toClaim() makes what the API server takes", async () => {
  using world = await ControllerWorld.create();
  const name = claimName("abc123", "gpu", "xyz789");
  const created = await world.kube.create(nodeClaims, toClaim(name, plan, buildPool()));
  assert.equal(created.spec.maxPricePerHour, plan.ceilingPerHour);
  assert.equal(created.spec.consolidateAfter, undefined);
  assert.equal(created.status, undefined);
});

Deno.test("readPlannedPods() reads back the pods that toClaim() wrote down", () => {
  const claim = {
    ...buildClaim(),
    metadata: toClaim("tgp-abc123-gpu-aaaaaa", plan, buildPool()).metadata,
  };
  assert.deepEqual(readPlannedPods(claim), plan.pods.map(({ uid }) => uid));
  assert.deepEqual(readPlannedPods(buildClaim()), []);
});
