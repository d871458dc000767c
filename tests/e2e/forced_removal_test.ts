import assert from "node:assert/strict";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { gpuPod } from "./gpu_pod.ts";
import { Product } from "./product.ts";
import { awaitRemovalRules } from "./removal_rules.ts";

Deno.test("a removal that was forced under a running machine can be made good", async (t) => {
  await using plane = await startControlPlane();
  await using product = new Product(plane, {
    behaviour: {
      bootMs: { single: 500, multiple: 500 },
      addressAfterMs: 100,
      terminateMs: 300,
      throttles: false,
    },
    stock: { gpu_1x_a10: { "us-east-1": 1 } },
  });
  await product.install();
  await product.startController();
  await product.apply(gpuPod("work"));
  await waitFor("a claim whose node is in use", async () => {
    const [claim] = await product.list<Claim>("gnclaim");
    return claim?.status?.conditions?.some(({ type, status }) =>
        type === "Initialized" && status === "True"
      )
      ? true
      : undefined;
  }, 60_000);
  const remove = () =>
    plane.kubectl("delete", "-k", product.installation, "--wait=false", "--ignore-not-found");

  await t.step("the first try is refused, the second is not, and the machine runs on", async () => {
    await awaitRemovalRules(plane);
    assert.equal((await remove()).code, 1);
    // Its Pods would go with the namespace; here it would still have time to end the machine.
    await product.stopController();
    await waitFor("the rules to be gone", async () => (await remove()).code === 0 || undefined);
    await waitFor("the namespace to be gone", async () => {
      const { code } = await plane.kubectl("get", "ns", "tgp-system");
      return code === 1 || undefined;
    }, 60_000);
    assert.equal(product.aliveMachines, 1);
  });

  await t.step("what is left waits: the claim, its class, their definitions", async () => {
    const left = await product.kubectl("get", "gnclaim,gnc,crd", "-o", "name");
    assert.match(left, /^gpunodeclaim\.tgp\.io\/tgp-/m);
    assert.match(left, /^gpunodeclass\.tgp\.io\/lambda$/m);
  });

  await t.step(
    "applied again, with the key put back, the controller ends the machine",
    async () => {
      await product.kubectl("apply", "-k", product.installation);
      await product.applyKeys();
      await product.startController();
      await waitFor(
        "the machine to be ended",
        () => product.aliveMachines === 0 || undefined,
        90_000,
      );
      await waitFor("the old definitions to go with their last objects", async () => {
        const left = await product.kubectl("get", "crd", "-o", "name");
        return /gpunodecla(sses|ims)\./.test(left) ? undefined : true;
      }, 60_000);
    },
  );

  await t.step("and an installation takes hold again", async () => {
    await product.kubectl("apply", "-k", product.installation);
    await product.kubectl("wait", "--for=condition=Established", "crd", "--all");
    await product.kubectl("get", "gnc,gnp,gnclaim");
  });
});

interface Claim {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
