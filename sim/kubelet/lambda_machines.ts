/**
 * The machines of a simulated Lambda Cloud.
 *
 * @module
 */

import type { MachineView } from "../clouds/lambda/account.ts";
import type { LambdaCloud } from "../clouds/lambda/lambda_cloud.ts";
import type { Machine, MachineSource } from "./machine.ts";

/** What is needed of the cloud. */
export type LambdaMachines = Pick<LambdaCloud, "machines" | "onMachineRunning" | "onMachineGone">;

/**
 * Follows a cloud from now on. A machine has power from when the cloud calls it active until it is
 * ended; one that fails its health checks later keeps running.
 */
export function followLambdaMachines(cloud: LambdaMachines): MachineSource & Disposable {
  const powered = new Map<string, Machine>();
  const listeners = new Set<() => void>();
  const add = (view: MachineView) => powered.set(view.id, toMachine(view));
  const changed = () => listeners.forEach((listener) => listener());
  for (const view of cloud.machines()) if (view.state === "active") add(view);
  const unsubscribe = [
    cloud.onMachineRunning((view) => {
      add(view);
      changed();
    }),
    cloud.onMachineGone(({ id }) => {
      powered.delete(id);
      changed();
    }),
  ];
  return {
    list: () => [...powered.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]() {
      unsubscribe.forEach((end) => end());
    },
  };
}

function toMachine({ id, userData, ip, privateIp, instanceType }: MachineView): Machine {
  const { gpus, vcpus, memory_gib, storage_gib } = instanceType.specs;
  return {
    id,
    userData: userData === "" ? undefined : userData,
    publicAddress: ip,
    privateAddress: privateIp,
    gpuCount: gpus,
    cpuCount: vcpus,
    memoryGiB: memory_gib,
    storageGiB: storage_gib,
    // The one type with an ARM processor.
    arch: instanceType.name.includes("gh200") ? "arm64" : "amd64",
  };
}
