/**
 * Machines by the cluster that rented them. Pure.
 *
 * @module
 */

import type { MachineReading } from "../accounts/list_machines.ts";
import { compareMachines, type MachineRow } from "../instances/machine_row.ts";

/** One cluster's machines, in all accounts. */
export interface ClusterGroup {
  readonly clusterId: string;
  readonly rows: readonly MachineRow[];
}

/** See the module. */
export interface GroupedMachines {
  /** In order of their ids. */
  readonly clusters: readonly ClusterGroup[];
  /** Machines that TGP has not rented. */
  readonly foreign: number;
}

/** Groups machines that were listed for no cluster in particular. What is gone counts nowhere. */
export function groupByCluster(readings: readonly MachineReading[]): GroupedMachines {
  const groups = new Map<string, MachineRow[]>();
  let foreign = 0;
  for (const reading of readings) {
    if (reading.kind === "failed") continue;
    for (const instance of reading.instances) {
      if (instance.state === "terminated") continue;
      const { ownership } = instance;
      if (ownership.kind !== "otherCluster") {
        foreign++;
        continue;
      }
      const clusterId = ownership.cluster;
      const row: MachineRow = {
        account: reading.account,
        instance,
        owner: { kind: "cluster", clusterId },
      };
      groups.set(clusterId, [...groups.get(clusterId) ?? [], row]);
    }
  }
  const clusters = [...groups].map(([clusterId, rows]) => ({
    clusterId,
    rows: rows.sort(compareMachines),
  }))
    .sort((left, right) => left.clusterId < right.clusterId ? -1 : 1);
  return { clusters, foreign };
}
