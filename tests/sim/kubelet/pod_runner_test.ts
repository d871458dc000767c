import assert from "node:assert/strict";
import { isNotFound } from "../../../kube/kube.ts";
import { pods } from "../../../kube/resource.ts";
import type { Pod } from "../../../schemas/kubernetes.ts";
import { PodRunner } from "../../../sim/kubelet/pod_runner.ts";
import { silentLog } from "../../../runtime/log.ts";
import { createKubelet } from "../../../sim/kubelet/kubelet.ts";
import { Box, nodeName } from "./box.ts";

const ref = { namespace: "default", name: "train" };

/** A box with one machine that has come up. */
async function startBox(): Promise<Box> {
  const box = await Box.start();
  box.run(createKubelet(box.kubeletDeps(), box.machine()));
  await box.clock.advance(200_000);
  return box;
}

async function createPod(box: Box, overrides: Partial<Pod["metadata"]> = {}): Promise<Pod> {
  return await box.admin.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...ref, ...overrides },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 30,
      containers: [{ name: "main", image: "example.test/train" }],
    },
  } as Pod);
}

async function readPod(box: Box): Promise<Pod | undefined> {
  try {
    return await box.admin.get(pods, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function ready(pod: Pod | undefined): string | undefined {
  return pod?.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}

Deno.test("a machine starts the pods that are bound to it", async () => {
  await using box = await startBox();
  await createPod(box);
  await box.clock.advance(4_000);
  assert.equal((await readPod(box))?.status?.phase, "Pending");
  await box.clock.advance(2_000);
  const pod = await readPod(box);
  assert.equal(pod?.status?.phase, "Running");
  assert.equal(ready(pod), "True");
  assert.match(pod?.status?.podIP ?? "", /^100\.64\.9\.\d+$/);
  await box.clock.advance(3_600_000);
  assert.equal((await readPod(box))?.status?.phase, "Running");
});

Deno.test("a pod that says how long it runs succeeds then, and only then", async () => {
  await using box = await startBox();
  await createPod(box, { annotations: { "sim.tgp.io/run-seconds": "600" } });
  await box.clock.advance(604_000);
  assert.equal((await readPod(box))?.status?.phase, "Running");
  await box.clock.advance(2_000);
  const pod = await readPod(box);
  assert.equal(pod?.status?.phase, "Succeeded");
  assert.equal(ready(pod), "False");
});

Deno.test("a deleted pod stops, and is deleted for good", async () => {
  await using box = await startBox();
  await createPod(box);
  await box.clock.advance(10_000);
  await box.admin.delete(pods, ref);
  assert.ok((await readPod(box))?.metadata.deletionTimestamp);
  await box.clock.advance(1_000);
  assert.ok(await readPod(box));
  await box.clock.advance(2_000);
  assert.equal(await readPod(box), undefined);
});

Deno.test("a pod is deleted at any stage: before it runs, while it runs, after it ended", async () => {
  for (const afterMs of [1_000, 10_000, 100_000]) {
    await using box = await startBox();
    await createPod(box, { annotations: { "sim.tgp.io/run-seconds": "60" } });
    await box.clock.advance(afterMs);
    await box.admin.delete(pods, ref);
    await box.clock.advance(5_000);
    assert.equal(await readPod(box), undefined, `after ${afterMs} ms`);
  }
});

Deno.test("a pod that takes another's name is run, not mistaken for it", async () => {
  await using box = await startBox();
  await createPod(box);
  await box.clock.advance(10_000);
  await box.admin.delete(pods, ref, { gracePeriodSeconds: 0 });
  const second = await createPod(box);
  await box.clock.advance(10_000);
  const pod = await readPod(box);
  assert.equal(pod?.metadata.uid, second.metadata.uid);
  assert.equal(pod?.status?.phase, "Running");
});

Deno.test("what is left to say about a pod never hits another one of its name", async () => {
  await using box = await Box.start();
  const power = new AbortController();
  const runner = new PodRunner({
    kube: box.admin,
    clock: box.clock,
    random: box.random,
    log: silentLog,
    timings: { podStartMs: 5_000, podStopMs: 1_000 },
    hostAddress: "10.19.0.9",
    assignAddress: () => "100.64.9.1",
  }, power.signal);
  runner.observe(await createPod(box));
  await box.admin.delete(pods, ref, { gracePeriodSeconds: 0 });
  await createPod(box);
  await box.clock.advance(10_000);
  await runner.settled();
  assert.equal((await readPod(box))?.status?.phase, "Pending");
});

Deno.test("a pod of a machine that lost power stays as it is", async () => {
  await using box = await startBox();
  await createPod(box);
  await box.clock.advance(10_000);
  box.powerOff();
  await box.clock.settle();
  await box.admin.delete(pods, ref);
  await box.clock.advance(600_000);
  const pod = await readPod(box);
  assert.ok(pod?.metadata.deletionTimestamp);
  assert.equal(pod?.status?.phase, "Running");
});
