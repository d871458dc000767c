/**
 * A kubelet for every machine that a simulated cloud has running.
 *
 * @module
 */

import type { KubeletFaults } from "./faults.ts";
import { createKubelet, type Kubelet, type KubeletDeps } from "./kubelet.ts";
import type { Machine, MachineSource } from "./machine.ts";

/** What a fleet needs. */
export interface KubeletFleetDeps extends KubeletDeps {
  readonly source: MachineSource;
  /** What is wrong with a machine; asked once, when it gets power. @default {nothing} */
  readonly faultsOf?: ((machine: Machine) => KubeletFaults) | undefined;
}

/** See the module. */
export interface KubeletFleet {
  /** Follows the source until `signal` aborts; then all machines lose power. Call once. */
  run(signal: AbortSignal): Promise<void>;
  /** Machines with power, by id. */
  kubelets(): ReadonlyMap<string, Kubelet>;
}

/** Creates a fleet; nothing boots until it runs. */
export function createKubeletFleet(deps: KubeletFleetDeps): KubeletFleet {
  const powered = new Map<string, { kubelet: Kubelet; power: AbortController }>();
  const ending = new Set<Promise<void>>();

  const powerOn = (machine: Machine, signal: AbortSignal) => {
    const kubelet = createKubelet(deps, machine, deps.faultsOf?.(machine));
    const power = new AbortController();
    powered.set(machine.id, { kubelet, power });
    const run = kubelet.run(AbortSignal.any([signal, power.signal])).finally(() =>
      ending.delete(run)
    );
    ending.add(run);
  };
  const follow = (signal: AbortSignal) => {
    if (signal.aborted) return;
    const machines = new Map(deps.source.list().map((machine) => [machine.id, machine]));
    for (const [id, { power }] of powered) {
      if (machines.has(id)) continue;
      powered.delete(id);
      power.abort(new Error("the machine was ended"));
    }
    for (const [id, machine] of machines) if (!powered.has(id)) powerOn(machine, signal);
  };

  return {
    async run(signal) {
      const unsubscribe = deps.source.onChange(() => follow(signal));
      follow(signal);
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true })
        );
      }
      unsubscribe();
      powered.clear();
      await Promise.all(ending);
    },
    kubelets: () => new Map([...powered].map(([id, { kubelet }]) => [id, kubelet])),
  };
}
