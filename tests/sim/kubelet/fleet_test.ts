import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import { createKubeletFleet } from "../../../sim/kubelet/fleet.ts";
import type { Machine, MachineSource } from "../../../sim/kubelet/machine.ts";
import { Box, nodeName } from "./box.ts";

/** Machines that a test gives and takes. */
class Rack implements MachineSource {
  readonly #machines = new Map<string, Machine>();
  readonly #listeners = new Set<() => void>();

  add(machine: Machine): void {
    this.#machines.set(machine.id, machine);
    this.#listeners.forEach((listener) => listener());
  }

  remove(id: string): void {
    this.#machines.delete(id);
    this.#listeners.forEach((listener) => listener());
  }

  list(): Machine[] {
    return [...this.#machines.values()];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }
}

Deno.test("a fleet has a kubelet for every machine, with its own faults", async () => {
  await using box = await Box.start();
  const source = new Rack();
  source.add(box.machine({ id: "early" }));
  const fleet = createKubeletFleet({
    ...box.kubeletDeps(),
    source,
    faultsOf: ({ id }) => id === "late" ? { neverRegisters: true } : {},
  });
  box.run(fleet);
  await box.clock.advance(60_000);
  source.add(box.machine({ id: "late" }));
  await box.clock.advance(300_000);
  assert.deepEqual([...fleet.kubelets()].map(([id, { phase }]) => [id, phase]), [
    ["early", "ready"],
    ["late", "failed"],
  ]);
  assert.deepEqual((await box.admin.list(nodes)).items.map(({ metadata }) => metadata.name), [
    nodeName,
  ]);
});

Deno.test("a machine that the cloud ended just stops, the others go on", async () => {
  await using box = await Box.start();
  const source = new Rack();
  source.add(box.machine({ id: "a" }));
  source.add(box.machine({ id: "b", userData: undefined }));
  const fleet = createKubeletFleet({ ...box.kubeletDeps(), source });
  box.run(fleet);
  await box.clock.advance(200_000);
  const kubelet = fleet.kubelets().get("a");
  assert.equal(kubelet?.phase, "ready");
  source.remove("a");
  await box.clock.settle();
  assert.equal(kubelet?.phase, "stopped");
  assert.deepEqual([...fleet.kubelets().keys()], ["b"]);
  const calls = box.calls.length;
  await box.clock.advance(600_000);
  assert.equal(box.calls.length, calls);
});

Deno.test("a fleet that is stopped follows its source no more", async () => {
  await using box = await Box.start();
  const source = new Rack();
  const fleet = createKubeletFleet({ ...box.kubeletDeps(), source });
  box.run(fleet);
  source.add(box.machine());
  assert.ok(source.watched);
  await box.clock.advance(100_000);
  box.powerOff();
  await box.clock.settle();
  assert.ok(!source.watched);
  assert.equal(fleet.kubelets().size, 0);
  source.add(box.machine({ id: "later" }));
  assert.equal(fleet.kubelets().size, 0);
});
