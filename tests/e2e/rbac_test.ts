import assert from "node:assert/strict";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { gpuPod } from "./gpu_pod.ts";
import { Product } from "./product.ts";
import { allows, describe, describeRequest, readPermissions } from "./rbac_rules.ts";

const rbac = new URL("../../manifests/rbac/controller.yaml", import.meta.url);

/** What every service account may ask, by roles that each cluster has. */
const allowedToAll = [
  "get /version",
  "get /apis/tgp.io",
  "get /apis/tgp.io/v1",
  "get /apis/nvidia.com/v1",
  "create selfsubjectaccessreviews.authorization.k8s.io",
];

/** Permissions that no request of the story shows, each with why it is there all the same. */
const notShown: Readonly<Record<string, string>> = {
  "update gpunodepools.tgp.io/finalizers":
    "asked by admission, not by a request: see the plugin below",
  "update gpunodeclaims.tgp.io/finalizers":
    "asked by admission, not by a request: see the plugin below",
  "approve signers.certificates.k8s.io =kubernetes.io/kube-apiserver-client-kubelet":
    "asked by admission, not by a request: without it the update of the approval is forbidden",
};

Deno.test("the controller has every permission it uses, and uses every permission it has", async (t) => {
  await using plane = await startControlPlane({
    audit: true,
    // With it, whoever makes an object that blocks its owner's deletion needs a say about the owner.
    apiServerArgs: [
      "--enable-admission-plugins=NodeRestriction,OwnerReferencesPermissionEnforcement",
    ],
  });
  await using product = new Product(plane, {
    behaviour: {
      bootMs: { single: 1_000, multiple: 1_000 },
      addressAfterMs: 300,
      terminateMs: 500,
      throttles: false,
      phantomStock: ["gpu_1x_a10/us-west-1", "gpu_1x_a10/us-west-2"],
    },
    stock: { gpu_1x_a10: { "us-east-1": 3, "us-west-1": 1, "us-west-2": 1 } },
  }, { webhook: true });
  await product.install();
  await product.startController();
  await product.awaitReady();
  await product.declare();
  await product.apply(briefGrace);

  await t.step("a pod is served, and its machine given back when idle", async () => {
    await product.apply(gpuPod("work", { runSeconds: 2 }));
    await waitFor("the pod to succeed", () => product.succeeded.get("work"), 60_000);
    await nothingLeft(product);
  });

  await t.step("a claim is deleted under pods, one of which a budget protects", async () => {
    await product.apply(stubborn, gpuPod("stubborn"), gpuPod("willing"), unservable);
    await running(product, "stubborn", "willing");
    await product.kubectl("delete", "gnclaim", "--all", "--wait=false");
    await nothingLeft(product);
  });

  await t.step("the class goes when it is deleted", async () => {
    await product.kubectl("delete", "gnp,gnc", "--all", "--timeout=30s");
  });

  assert.equal(await product.stopController("SIGTERM"), 0);
  const audit = await plane.readAudit();
  const permissions = readPermissions(await Deno.readTextFile(rbac));

  await t.step("nothing was forbidden", () => {
    const forbidden = audit.filter(({ responseStatus }) => responseStatus?.code === 403);
    assert.deepEqual([...new Set(forbidden.map(describeRequest))], []);
  });

  await t.step("every request is one that the manifests' rules allow", () => {
    const unexplained = audit.filter((event) => !permissions.some((one) => allows(one, event)));
    assert.deepEqual(
      [...new Set(unexplained.map(describeRequest))].filter((one) => !allowedToAll.includes(one)),
      [],
    );
  });

  await t.step("every rule was used, but for those that say why not", () => {
    const unused = permissions.filter((one) => !audit.some((event) => allows(one, event)));
    assert.deepEqual(unused.map(describe).filter((one) => !(one in notShown)), []);
  });

  await t.step("the exceptions are rules, and their reasons still hold", () => {
    const unused = permissions.filter((one) => !audit.some((event) => allows(one, event)));
    assert.deepEqual(
      Object.keys(notShown).filter((one) =>
        !unused.some((permission) => describe(permission) === one)
      ),
      [],
    );
  });
});

/** The scene's pool, with idle nodes going after seconds, and draining taking no longer. */
const briefGrace = {
  apiVersion: "tgp.io/v1",
  kind: "GPUNodePool",
  metadata: { name: "gpu" },
  spec: {
    nodeClassRef: { name: "lambda" },
    template: { spec: { terminationGracePeriod: "5s" } },
    disruption: { consolidateAfter: "3s" },
  },
};

/** Keeps the pod of that name from being evicted. */
const stubborn = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "stubborn", namespace: "default" },
  spec: { maxUnavailable: 0, selector: { matchLabels: { app: "stubborn" } } },
};

const unservable = gpuPod("dream", { gpus: 16 });

async function running(product: Product, ...names: readonly string[]): Promise<void> {
  await waitFor(`pods ${names.join(", ")} to run`, async () => {
    const pods = await product.list<{ metadata: { name: string }; status: { phase: string } }>(
      "pods",
    );
    const phases = new Map(pods.map(({ metadata, status }) => [metadata.name, status.phase]));
    return names.every((name) => phases.get(name) === "Running") ? true : undefined;
  }, 60_000);
}

async function nothingLeft(product: Product): Promise<void> {
  await waitFor("every claim and node to be gone", async () => {
    const { length } = [...await product.list("gnclaim"), ...await product.list("nodes")];
    return length === 0 ? true : undefined;
  }, 120_000);
}
