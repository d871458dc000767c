import assert from "node:assert/strict";
import type { Condition } from "../../schemas/conditions.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { Product } from "./product.ts";

interface Resource {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** "Buy me one of these", by hand. */
const byHand = {
  apiVersion: "tgp.io/v1",
  kind: "GPUNodeClaim",
  metadata: { name: "by-hand" },
  spec: {
    nodeClassRef: { name: "lambda" },
    requirements: [{ key: "tgp.io/gpu-model", operator: "In", values: ["A10-24GB"] }],
    resources: { "nvidia.com/gpu": 1 },
    maxPricePerHour: "2",
    consolidationPolicy: "Never",
  },
};

Deno.test("conditions follow the API's conventions, and kubectl can wait for them", async (t) => {
  await using plane = await startControlPlane();
  await using product = new Product(plane, {
    behaviour: { bootMs: { single: 2_000, multiple: 2_000 }, terminateMs: 500, throttles: false },
    stock: { gpu_1x_a10: { "us-east-1": 2 } },
  });
  await product.install();
  await product.apply(byHand);
  const waitForReady = (...names: readonly string[]) =>
    product.kubectl("wait", "--for=condition=Ready", "--timeout=60s", ...names);
  const read = async (name: string): Promise<Resource> =>
    JSON.parse(await product.kubectl("get", name, "-o", "json"));

  await t.step(
    "kubectl wait, begun before anybody looks, sees all three kinds get ready",
    async () => {
      const waiting = waitForReady("gnc/lambda", "gnp/gpu", "gnclaim/by-hand");
      await product.startController();
      const met = await waiting;
      assert.deepEqual(met.trim().split("\n").map((line) => line.replace(/^\S+\//, "")), [
        "lambda condition met",
        "gpu condition met",
        "by-hand condition met",
      ]);
    },
  );

  await t.step(
    "each condition says which generation it is about, when it came, and why",
    async () => {
      for (const name of ["gnc/lambda", "gnp/gpu", "gnclaim/by-hand"]) {
        const { metadata, status } = await read(name);
        assert.equal(status?.observedGeneration, metadata.generation, name);
        assert.ok((status?.conditions ?? []).length > 2, name);
        for (const condition of status?.conditions ?? []) {
          const where = `${name} ${condition.type}`;
          assert.equal(condition.observedGeneration, metadata.generation, where);
          assert.match(condition.reason, /^[A-Z][A-Za-z]+$/, where);
          assert.notEqual(condition.message, "", where);
          assert.match(condition.lastTransitionTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, where);
        }
      }
    },
  );

  await t.step("a changed spec is judged anew; what stays so keeps its time", async () => {
    for (
      const [name, spec] of [
        ["gnc/lambda", { limits: { nodes: 99 } }],
        ["gnp/gpu", { weight: 20 }],
      ] as const
    ) {
      const before = await read(name);
      const patch = JSON.stringify({ spec });
      await product.kubectl("patch", name, "--type=merge", "-p", patch);
      // Until it was judged anew, kubectl does not take the old answer for one.
      await waitForReady(name);
      const after = await read(name);
      assert.equal(after.metadata.generation, before.metadata.generation + 1);
      assert.equal(after.status?.observedGeneration, after.metadata.generation);
      const times = ({ status }: Resource) =>
        (status?.conditions ?? []).map((one) =>
          `${one.type} ${one.status} ${one.lastTransitionTime}`
        );
      assert.deepEqual(times(after), times(before), name);
    }
  });

  await t.step(
    "a class that cannot buy is not ready, nor is its pool, and each says why",
    async () => {
      const entry = { name: "lambda", enabled: false };
      const providers =
        (await product.list<{ spec: { providers: readonly { name: string }[] } }>("gnc"))
          .flatMap(({ spec }) => spec.providers.map((one) => ({ ...one, ...entry })));
      const patch = JSON.stringify({ spec: { providers } });
      await product.kubectl("patch", "gnc/lambda", "--type=merge", "-p", patch);
      await product.kubectl(
        ...["wait", "--for=condition=Ready=false", "gnc/lambda", "gnp/gpu", "--timeout=30s"],
      );
      const reasonOf = async (name: string) =>
        (await read(name)).status?.conditions?.find(({ type }) => type === "Ready")?.reason;
      assert.equal(await reasonOf("gnc/lambda"), "ProviderDisabled");
      assert.equal(await reasonOf("gnp/gpu"), "NodeClassNotReady");
      // Its machine is there all the same.
      assert.equal(await reasonOf("gnclaim/by-hand"), "Ready");
    },
  );

  await t.step(
    "a claim that ends is no longer ready, and goes when its machine is gone",
    async () => {
      await product.kubectl("delete", "gnclaim", "by-hand", "--wait=false");
      const ended = await waitFor("the claim to be not ready, or gone", async () => {
        const [claim] = await product.list<Resource>("gnclaim");
        const ready = claim?.status?.conditions?.find(({ type }) => type === "Ready");
        return !claim || ready?.status === "False" ? { ready } : undefined;
      }, 30_000);
      assert.equal(ended.ready?.reason ?? "Terminating", "Terminating");
      await product.kubectl("wait", "--for=delete", "gnclaim/by-hand", "--timeout=60s");
      assert.match(product.cloud.machines()[0]?.state ?? "", /^terminat/);
    },
  );
});
