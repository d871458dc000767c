import assert from "node:assert/strict";
import { createClaimBootstrap } from "../../controller/claim_bootstrap.ts";
import { secrets } from "../../kube/resource.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import { readUserData } from "../../sim/kubelet/user_data.ts";
import { buildClaim, buildClass } from "../support/controller_builders.ts";
import { makeCaBundle } from "./bootstrap/ca_bundle.ts";
import { bootScript } from "./bootstrap/rendered_user_data.ts";
import { ControllerWorld, never, testNamespace } from "../support/controller_world.ts";

const claim = buildClaim({}, {
  spec: {
    taints: [{ key: "gpu", effect: "NoSchedule" }],
    startupTaints: [{ key: "cni", effect: "NoSchedule" }],
  },
});
const { caBundle: _bundle, ...kubeadm } = buildClass().spec.bootstrap?.kubeadm ??
  assert.fail("the builder's class has no bootstrap");

function prepare(
  world: ControllerWorld,
  nodeClass: GPUNodeClass,
  caBundle?: string,
  format: "cloud-config" | "script" = "cloud-config",
) {
  const bootstrap = createClaimBootstrap(world.kube, { namespace: testNamespace, caBundle });
  return bootstrap.prepare(claim, nodeClass, {
    labels: { "tgp.io/gpu-model": "A10-24GB" },
    format,
    maxBytes: 1_000_000,
    expiresAt: world.clock.now() + 3_600_000,
  }, never);
}

Deno.test("prepare() renders the claim's name, labels and all its taints", async () => {
  using world = await ControllerWorld.create();
  const ownTrust = await makeCaBundle();
  const nodeClass = buildClass({ spec: { ...buildClass().spec, bootstrap: { kubeadm } } });
  const script = bootScript((await prepare(world, nodeClass, ownTrust)).userData);
  for (
    const word of [
      claim.metadata.name,
      "tgp.io/gpu-model",
      "api.example.test:6443",
      "tgp.io/unregistered",
      "gpu",
      "cni",
    ]
  ) assert.ok(script.includes(word), word);
});

Deno.test("prepare() twice hands out the same token, and revoke() kills it", async () => {
  using world = await ControllerWorld.create();
  const ownTrust = await makeCaBundle();
  const nodeClass = buildClass({ spec: { ...buildClass().spec, bootstrap: { kubeadm } } });
  const first = await prepare(world, nodeClass, ownTrust);
  assert.deepEqual(await prepare(world, nodeClass, ownTrust), first);
  const tokens = async () => (await world.kube.list(secrets, { namespace: "kube-system" })).items;
  assert.equal((await tokens()).length, 1);
  const bootstrap = createClaimBootstrap(world.kube, {
    namespace: testNamespace,
    caBundle: ownTrust,
  });
  await bootstrap.revoke(claim, never);
  await bootstrap.revoke(claim, never);
  assert.equal((await tokens()).length, 0);
});

Deno.test("prepare() names the field that is missing", async () => {
  using world = await ControllerWorld.create();
  const { bootstrap: _none, ...spec } = buildClass().spec;
  await assert.rejects(
    prepare(world, { ...buildClass(), spec }),
    /spec\.bootstrap\.kubeadm of the class is missing/,
  );
  const nodeClass = buildClass({ spec: { ...buildClass().spec, bootstrap: { kubeadm } } });
  await assert.rejects(prepare(world, nodeClass), /spec\.bootstrap\.kubeadm\.caBundle/);
});

Deno.test("prepare() renders anew when the next offer's cloud reads scripts, around the same token", async () => {
  using world = await ControllerWorld.create();
  const ownTrust = await makeCaBundle();
  const nodeClass = buildClass({ spec: { ...buildClass().spec, bootstrap: { kubeadm } } });
  const document = readUserData((await prepare(world, nodeClass, ownTrust)).userData);
  const script = (await prepare(world, nodeClass, ownTrust, "script")).userData;
  assert.match(script, /^#!\/bin\/bash\n/);
  assert.deepEqual(readUserData(script, "shell"), document);
});
