import assert from "node:assert/strict";
import type { MachineListener, MachineView } from "../../../sim/clouds/lambda/account.ts";
import { simInstanceTypes } from "../../../sim/clouds/lambda/catalog.ts";
import { followLambdaMachines, type LambdaMachines } from "../../../sim/kubelet/lambda_machines.ts";

function view(id: string, overrides: Partial<MachineView> = {}): MachineView {
  const instanceType = simInstanceTypes.get("gpu_1x_gh200");
  assert.ok(instanceType);
  return {
    id,
    name: "n",
    state: "active",
    instanceType,
    region: "us-east-1",
    ip: "203.0.113.9",
    privateIp: "10.19.0.9",
    userData: "#cloud-config\n",
    launchedAt: 0,
    ...overrides,
  };
}

Deno.test("followLambdaMachines() has the machines that run, from before and from then on", () => {
  const running = new Set<MachineListener>();
  const gone = new Set<MachineListener>();
  const cloud: LambdaMachines = {
    machines:
      () => [view("a"), view("b", { state: "booting" }), view("c", { state: "terminated" })],
    onMachineRunning(listener) {
      running.add(listener);
      return () => running.delete(listener);
    },
    onMachineGone(listener) {
      gone.add(listener);
      return () => gone.delete(listener);
    },
  };
  const source = followLambdaMachines(cloud);
  let changes = 0;
  const unsubscribe = source.onChange(() => changes++);
  const ids = () => source.list().map(({ id }) => id);
  assert.deepEqual(ids(), ["a"]);
  running.forEach((listener) => listener(view("b", { userData: "" })));
  assert.deepEqual(ids(), ["a", "b"]);
  gone.forEach((listener) => listener(view("a", { state: "terminating" })));
  assert.deepEqual(source.list(), [{
    id: "b",
    userData: undefined,
    publicAddress: "203.0.113.9",
    privateAddress: "10.19.0.9",
    gpuCount: 1,
    cpuCount: 64,
    memoryGiB: 432,
    storageGiB: 4096,
    arch: "arm64",
  }]);
  assert.equal(changes, 2);
  unsubscribe();
  source[Symbol.dispose]();
  assert.equal(running.size + gone.size, 0);
});
