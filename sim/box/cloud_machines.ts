/**
 * The machines of all simulated clouds, as kubelets see them.
 *
 * @module
 */

import type { SimulatedCloud } from "../clouds/simulated_cloud.ts";
import type { MachineSource } from "../kubelet/machine.ts";

/** Shows the running machines of several clouds. */
export function createCloudMachines(
  clouds: readonly Pick<SimulatedCloud, "poweredMachines" | "onPowerChange">[],
): MachineSource {
  return {
    list: () => clouds.flatMap((cloud) => cloud.poweredMachines()),
    onChange(listener) {
      const endings = clouds.map((cloud) => cloud.onPowerChange(listener));
      return () => endings.forEach((end) => end());
    },
  };
}
