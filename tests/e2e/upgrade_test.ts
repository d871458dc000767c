import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readClusterId } from "../../kube/cluster_id.ts";
import { defaultLambdaKey } from "../../sim/clouds/lambda/mod.ts";
import { cut } from "../../sim/handler.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";
import { gpuPod } from "./gpu_pod.ts";
import { Product } from "./product.ts";

/** CustomResourceDefinitions of an older version, with a field that has gone since. */
const olderCrds = fileURLToPath(new URL("../fixtures/upgrade/crds.yaml", import.meta.url));

/** Taken by the older version, refused by rules that came after it: a long wait, one account twice. */
function olderClass(apiServer: string) {
  const account = {
    credentialsRef: { name: "lambda-credentials", key: "api-key" },
    lambda: { sshKeyName: "tgp" },
  };
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClass",
    metadata: { name: "older" },
    spec: {
      providers: [
        { ...account, name: "lambda", timeouts: { registration: "30h" } },
        { ...account, name: "spare", provider: "lambdalabs", enabled: false },
      ],
      bootstrap: { kubeadm: { apiServerEndpoint: apiServer, kubernetesVersion: "1.36.0" } },
      limits: { resources: { gpu: 8 } },
    },
  };
}

const olderPool = {
  apiVersion: "tgp.io/v1",
  kind: "GPUNodePool",
  metadata: { name: "older" },
  spec: {
    nodeClassRef: { name: "older" },
    template: { metadata: { labels: { "tgp.io/team": "ml" } } },
    disruption: { consolidateAfter: "1000h" },
  },
};

/** Only the older pool's nodes have this label. */
const pod = gpuPod("train", { runSeconds: 2, nodeSelector: { "tgp.io/team": "ml" } });

interface Claim {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: Readonly<Record<string, unknown>>;
}

Deno.test("what an older version stored lives on: it is read, served, written and ended", async (t) => {
  await using plane = await startControlPlane();
  await using product = new Product(plane, {
    behaviour: { bootMs: { single: 1_000, multiple: 1_000 }, terminateMs: 500, throttles: false },
    stock: { gpu_1x_a10: { "us-east-1": 4 } },
  });
  const kube = await connectAsAdmin(plane);
  const oldClaim = `tgp-${await readClusterId(kube)}-older-aaaaaa`;
  kube.close();

  await t.step("an older version has a class, a pool and a claim with a machine", async () => {
    await product.kubectl("apply", "-f", olderCrds);
    for (const plural of ["gpunodeclasses", "gpunodepools", "gpunodeclaims"]) {
      await product.kubectl("wait", "--for=condition=Established", `crd/${plural}.tgp.io`);
    }
    await product.apply(olderClass(new URL(plane.serverUrl).host), olderPool, {
      apiVersion: "tgp.io/v1",
      kind: "GPUNodeClaim",
      metadata: { name: oldClaim, finalizers: ["tgp.io/termination"] },
      spec: {
        nodeClassRef: { name: "older" },
        nodePoolRef: { name: "older" },
        labels: { "tgp.io/team": "ml" },
        resources: { "nvidia.com/gpu": 1 },
        maxPricePerHour: "1",
      },
    });
    const status = toOldStatus(oldClaim, await rentMachine(product, oldClaim));
    await product.kubectl(
      ...["patch", "gnclaim", oldClaim, "--subresource=status", "--type=merge"],
      ...["-p", JSON.stringify({ status })],
    );
    assert.equal((await readClaim(product, oldClaim)).status?.["attempts"], 3);
  });

  await t.step("with the new definitions, fields that have gone are no longer shown", async () => {
    await product.install();
    const { status } = await readClaim(product, oldClaim);
    assert.equal(status?.["attempts"], undefined);
    assert.ok(status?.["launch"]);
  });

  await t.step("the new version reads the class and the pool, and says how they are", async () => {
    await product.startController();
    await product.kubectl(
      "wait",
      "--for=condition=Ready",
      "gnc/older",
      "gnp/older",
      "--timeout=60s",
    );
  });

  await t.step("the claim is looked after: its status is in the new shape", async () => {
    const ready = await waitFor("the claim to say that its node is awaited", async () => {
      const { status } = await readClaim(product, oldClaim);
      return JSON.stringify(status).includes("AwaitingNode") ? status : undefined;
    }, 60_000);
    assert.equal(ready["observedGeneration"], 1);
    assert.equal(ready["instanceState"], "active");
  });

  await t.step("the pool serves pods, although a new one like it would be refused", async () => {
    await product.apply(pod);
    await waitFor(
      "the pod to succeed",
      () => Promise.resolve(product.succeeded.get("train")),
      120_000,
    );
    const like = { ...olderPool, metadata: { name: "newer" } };
    const { code, stderr } = await plane.runKubectl(["create", "-f", "-"], {
      stdin: JSON.stringify(like),
    });
    assert.equal(code, 1);
    assert.match(stderr, /key "tgp\.io\/team" is set by the machine/);
  });

  await t.step("what is not touched passes; what is touched must keep the new rules", async () => {
    await product.kubectl("label", "gnc/older", "gnp/older", "checked=yes");
    const patch = (body: unknown) =>
      plane.kubectl("patch", "gnc", "older", "--type=merge", "-p", JSON.stringify(body));
    assert.equal((await patch({ spec: { limits: { nodes: 9 } } })).code, 0);
    const touched = await patch({ spec: { limits: { resources: { gpu: 9 } } } });
    assert.match(touched.stderr, /no node has a resource called "gpu"/);
    assert.equal((await patch({ spec: { limits: { resources: null } } })).code, 0);
  });

  await t.step("the older version's machine is ended with its claim", async () => {
    await product.kubectl("delete", "gnclaim", oldClaim, "--timeout=120s");
    const machine = product.cloud.machines().find(({ name }) => name === oldClaim);
    assert.match(machine?.state ?? "", /^terminat/);
  });
});

async function readClaim(product: Product, name: string): Promise<Claim> {
  return JSON.parse(await product.kubectl("get", "gnclaim", name, "-o", "json"));
}

/** Orders a machine as an older version did. @returns Its id. */
async function rentMachine(product: Product, name: string): Promise<string> {
  const request = new Request("https://cloud.lambda.ai/api/v1/instance-operations/launch", {
    method: "POST",
    headers: { authorization: `Bearer ${defaultLambdaKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      name,
      region_name: "us-east-1",
      instance_type_name: "gpu_1x_a10",
      ssh_key_names: ["tgp"],
    }),
  });
  const answer = await product.cloud.handler(request, { peer: {} });
  assert.ok(answer !== cut && answer.ok, "the cloud took no order");
  const { data } = await answer.json();
  return data.instance_ids[0];
}

function toOldStatus(name: string, id: string) {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace(".000", "");
  return {
    attempts: 3,
    conditions: [{
      type: "Launched",
      status: "True",
      reason: "Launched",
      message: `The cloud rents us machine ${id}`,
      lastTransitionTime: now,
    }],
    launch: {
      offer: {
        id: "of-00000001",
        provider: "lambda",
        account: "lambda",
        instanceType: "gpu_1x_a10",
        region: "us-east-1",
        capacityType: "on-demand",
        gpuModel: "A10-24GB",
        gpuCount: 1,
        pricePerHour: "0.75",
        billingIncrement: "1m",
        capacity: { "nvidia.com/gpu": "1" },
        labels: { "tgp.io/gpu-model": "A10-24GB" },
      },
      machineName: name,
      intentTime: now,
      sendBefore: now,
      outcome: "Launched",
    },
    instanceID: id,
    providerID: `lambda:///${id}`,
    steps: [{ step: "Ordered", time: now }, { step: "Accepted", time: now }],
  };
}
