/**
 * The machines of the simulated Lambda, as kubelets see them: power comes with `active`.
 *
 * @module
 */

import type { MachineView } from "../clouds/lambda/account.ts";
import type { LambdaCloud } from "../clouds/lambda/lambda_cloud.ts";
import type { Machine, MachineSource } from "../kubelet/machine.ts";

/** Shows a cloud's running machines. */
export function createLambdaMachines(
  cloud: Pick<LambdaCloud, "machines" | "onMachineRunning" | "onMachineGone">,
): MachineSource {
  return {
    list: () => cloud.machines().filter(({ state }) => state === "active").map(toMachine),
    onChange(listener) {
      const endings = [cloud.onMachineRunning(listener), cloud.onMachineGone(listener)];
      return () => endings.forEach((end) => end());
    },
  };
}

function toMachine({ id, ip, privateIp, userData, instanceType }: MachineView): Machine {
  const { specs } = instanceType;
  return {
    id,
    userData,
    privateAddress: privateIp,
    publicAddress: ip,
    gpuCount: specs.gpus,
    cpuCount: specs.vcpus,
    memoryGiB: specs.memory_gib,
    storageGiB: specs.storage_gib,
    // Lambda's only Arm machines carry Grace superchips.
    arch: instanceType.name.includes("gh200") ? "arm64" : "amd64",
  };
}
