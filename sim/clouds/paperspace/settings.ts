/**
 * Settings of machines, from requests.
 *
 * @module
 */

import type { CreateMachineInput, UpdateMachineInput } from "./inputs.ts";
import type { MachineSettings } from "./machine.ts";

/** Settings of a new machine. What the API takes for granted is not documented: as in the console. */
export function createSettings(input: CreateMachineInput): MachineSettings {
  return {
    name: input.name,
    diskSizeGb: input.diskSize,
    networkId: input.networkId,
    publicIpType: input.publicIpType ?? "dynamic",
    autoShutdownEnabled: input.autoShutdownEnabled ?? false,
    autoShutdownTimeout: input.autoShutdownTimeout ?? null,
    autoShutdownForce: input.autoShutdownForce ?? null,
    autoSnapshotEnabled: input.autoSnapshotEnabled ?? false,
    autoSnapshotFrequency: input.autoSnapshotFrequency ?? null,
    autoSnapshotSaveCount: input.autoSnapshotSaveCount ?? null,
    restorePointEnabled: input.restorePointEnabled ?? false,
    restorePointFrequency: input.restorePointFrequency ?? null,
    restorePointSnapshotId: null,
  };
}

/** Settings after a change; hardware is not changed here. */
export function changeSettings(
  settings: MachineSettings,
  { machineType: _, diskSize: __, ...change }: UpdateMachineInput,
): MachineSettings {
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  return { ...settings, ...given };
}
