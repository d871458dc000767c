import assert from "node:assert/strict";
import { nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import { lambdaFaults } from "../../sim/clouds/lambda/faults.ts";
import type { SimulatedWorld } from "../support/simulated_world.ts";
import { createScene, minute, playToTheEnd, podOf } from "./scenario.ts";

const readClass = (world: SimulatedWorld): Promise<GPUNodeClass> =>
  world.kube.get(nodeClasses, { name: "lambda" });

/** What the class says about its only account once it has something to say. */
async function readProblem(world: SimulatedWorld, reason: string): Promise<string> {
  await world.until(
    `the class says ${reason}`,
    async () => (await readClass(world)).status?.providers?.[0]?.reason === reason,
    3 * minute,
  );
  const { status } = await readClass(world);
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.status, "False");
  return status?.providers?.[0]?.message ?? "";
}

function secretOf(data: Readonly<Record<string, string>>): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "lambda-credentials", namespace: "tgp-system" },
    stringData: data,
  } as KubernetesObject;
}

async function patchClass(world: SimulatedWorld, change: Readonly<Record<string, unknown>>) {
  const { spec } = await world.kube.get({
    ...nodeClasses,
    parse: (raw) => raw as typeof raw & GPUNodeClass,
  }, {
    name: "lambda",
  });
  const providers = [{ ...spec.providers[0], ...change }];
  await world.kube.patch(nodeClasses, { name: "lambda" }, { spec: { providers } });
}

Deno.test("an unknown provider is named, and the class is not ready", async () => {
  await using world = await createScene(1);
  await patchClass(world, { name: "acme", lambda: null });
  world.startController();
  assert.equal(await readProblem(world, "UnsupportedProvider"), "unsupported provider: acme");
});

Deno.test("a missing Secret and a missing key have their exact texts, and work once they are there", async () => {
  await using world = await createScene(2, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  await patchClass(world, { credentialsRef: { name: "other", key: "api-key" } });
  world.startController();
  assert.match(
    await readProblem(world, "SecretNotFound"),
    /^failed to get credential secret tgp-system\/other: /,
  );
  await patchClass(world, { credentialsRef: { name: "lambda-credentials", key: "token" } });
  assert.equal(
    await readProblem(world, "SecretKeyNotFound"),
    "credential key token not found in secret tgp-system/lambda-credentials",
  );
  await patchClass(world, { credentialsRef: { name: "lambda-credentials", key: "api-key" } });
  await world.apply(podOf("work"));
  await playToTheEnd(world, ["work"]);
});

Deno.test("a wrong key is said to be rejected, never printed, and replaced without a restart", async () => {
  await using world = await createScene(3, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  await world.apply(secretOf({ "api-key": "secret_of_somebody_else" }));
  world.startController();
  assert.match(await readProblem(world, "CredentialsRejected"), /401|rejected|invalid/i);
  assert.ok(!JSON.stringify(await readClass(world)).includes("secret_of_somebody_else"));
  await world.apply(secretOf({ "api-key": "secret_simulated_lambda_key" }), podOf("work"));
  await playToTheEnd(world, ["work"]);
});

Deno.test("an SSH key that the account does not have is named, and works once it is there", async () => {
  await using world = await createScene(6, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
  await patchClass(world, { lambda: { sshKeyName: "mine" } });
  world.startController();
  const message = await readProblem(world, "ProviderMisconfigured");
  assert.match(message, /SSH key "mine" does not exist in it.*it has tgp/);
  await patchClass(world, { lambda: { sshKeyName: "tgp" } });
  await world.apply(podOf("work"));
  await playToTheEnd(world, ["work"]);
});

for (const fault of ["html502", "htmlOk", "notAsDocumented", "redirect", "cut"] as const) {
  Deno.test(`a vendor that answers with ${fault} is said to be unreachable, and comes back`, async () => {
    await using world = await createScene(4, { stock: { gpu_1x_a10: { "us-east-1": 1 } } });
    world.cloud.addFault({ operation: "*", answer: lambdaFaults[fault], times: 100_000 });
    world.startController();
    const message = await readProblem(world, "ProviderUnreachable");
    assert.ok(message.length > 10 && !message.includes("    at "), message);
    world.cloud.clearFaults();
    await world.apply(podOf("work"));
    await playToTheEnd(world, ["work"]);
  });
}

Deno.test("limits of zero or less and prices that are no numbers are refused, naming the field", async () => {
  await using world = await createScene(5);
  const cases = [
    [{ limits: { nodes: 0 } }, /spec\.limits\.nodes/],
    [{ limits: { nodes: -1 } }, /spec\.limits\.nodes/],
    [{ limits: { spendPerHour: "0" } }, /spec\.limits\.spendPerHour/],
    [{ price: { maxPerHour: "cheap" } }, /spec\.price\.maxPerHour/],
    [{ price: { maxPerHour: "-1" } }, /spec\.price\.maxPerHour/],
  ] as const;
  for (const [spec, field] of cases) {
    await assert.rejects(
      world.kube.patch(nodePools, { name: "gpu" }, { spec }),
      (error: Error) => field.test(error.message),
      JSON.stringify(spec),
    );
  }
});
