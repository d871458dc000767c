/**
 * One simulated machine from power-on to power-off: boots, takes its user data apart, joins, serves.
 *
 * Nothing is known to it but what the user data says; nothing it does goes by another way than the
 * API server, as the identity it was given there. So a wrong template, token, name, certificate rule
 * or permission fails here as it would on a rented machine.
 *
 * @module
 */

import { isAlreadyExists, type Kube } from "../../kube/kube.ts";
import { createInformer } from "../../kube/informer.ts";
import { nodes, pods } from "../../kube/resource.ts";
import type { ClientCertificate } from "../../kube/transport.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import type { Random } from "../../runtime/random.ts";
import type { Lease, Node } from "../../schemas/kubernetes.ts";
import type { Connect } from "./connect.ts";
import type { KubeletFaults } from "./faults.ts";
import { requestCertificate } from "./join.ts";
import type { Machine } from "./machine.ts";
import { renewLease } from "./node_lease.ts";
import { createNode, createNodeStatus, type NodeState } from "./node_object.ts";
import { persist } from "./persist.ts";
import { PodRunner } from "./pod_runner.ts";
import { defaultTimings, type KubeletTimings, leaseTimings } from "./timings.ts";
import { type JoinPlan, readUserData } from "./user_data.ts";

/** What a kubelet needs. */
export interface KubeletDeps {
  readonly clock: Clock;
  /** For leases, which live by the API server's time. @default {`clock`} */
  readonly leaseClock?: Clock | undefined;
  readonly random: Random;
  readonly log: Log;
  readonly connect: Connect;
  /** @default {defaultTimings} */
  readonly timings?: Partial<KubeletTimings> | undefined;
}

/** How far a machine has come. */
export type KubeletPhase =
  | "booting"
  | "joining"
  /** Its Node exists. */
  | "registered"
  /** Its Node is ready. */
  | "ready"
  /** It could not join and does not try any more. */
  | "failed"
  | "stopped";

/** See the module. */
export interface Kubelet {
  readonly machine: Machine;
  readonly phase: KubeletPhase;
  /** The machine has power until `signal` aborts; then resolves. Call once. */
  run(signal: AbortSignal): Promise<void>;
}

/** A machine with power, not yet running. */
export function createKubelet(
  deps: KubeletDeps,
  machine: Machine,
  faults: KubeletFaults = {},
): Kubelet {
  return new SimulatedKubelet(deps, machine, faults);
}

/** How often a hanging kubelet looks whether it hangs still, in milliseconds. */
const hangPollMs = 1_000;

class SimulatedKubelet implements Kubelet {
  readonly machine: Machine;
  phase: KubeletPhase = "booting";
  readonly #deps: KubeletDeps;
  readonly #faults: KubeletFaults;
  readonly #timings: KubeletTimings;
  readonly #log: Log;
  #podCount = 0;

  constructor(deps: KubeletDeps, machine: Machine, faults: KubeletFaults) {
    this.#deps = deps;
    this.#faults = faults;
    this.#timings = { ...defaultTimings, ...deps.timings };
    this.machine = machine;
    this.#log = deps.log.with({ machine: machine.id });
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#boot(signal);
    } catch (error) {
      if (!signal.aborted) {
        this.phase = "failed";
        this.#log.warn("Machine stays out of the cluster", { error: String(error) });
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      }
    }
    this.phase = "stopped";
  }

  async #boot(signal: AbortSignal): Promise<void> {
    const { clock, connect } = this.#deps;
    await clock.sleep(this.#timings.bootMs, signal);
    const plan = readUserData(this.machine.userData ?? "", this.machine.userDataReader);
    if (this.#faults.neverRegisters) throw new Error("the boot script hangs");
    this.phase = "joining";
    const certificate = await this.#join(plan, signal);
    const client = connect(plan, { kind: "certificate", ...certificate });
    try {
      await this.#serve(client, plan, signal);
    } finally {
      client.close();
    }
  }

  /** The boot script's retries, and its unit's. */
  async #join(plan: JoinPlan, signal: AbortSignal): Promise<ClientCertificate> {
    const { clock, connect } = this.#deps;
    const { joinAttempts, joinRetryMs } = this.#timings;
    const token = this.#faults.token ?? plan.token;
    const name = this.#faults.nodeName ?? plan.nodeName;
    for (let attempt = 1;; attempt++) {
      const kube = connect(plan, { kind: "token", token });
      try {
        await kube.getRaw("/version", signal);
        return await requestCertificate({ kube, clock, timings: this.#timings }, name, signal);
      } catch (error) {
        if (signal.aborted || attempt >= joinAttempts) throw error;
        this.#log.info("Machine could not join yet", { attempt, error: String(error) });
      } finally {
        kube.close();
      }
      await clock.sleep(joinRetryMs, signal);
    }
  }

  async #serve(kube: Kube, plan: JoinPlan, signal: AbortSignal): Promise<void> {
    const registeredAt = this.#deps.clock.now();
    const wanted = createNode(this.machine, plan, this.#faults, { registeredAt });
    const node = await this.#persist("register", () => register(kube, wanted, signal), signal);
    this.phase = "registered";
    this.#log.info("Machine registered its node", { node: node.metadata.name });
    // One part that fails takes the others along: nothing of this node is left running.
    const stop = new AbortController();
    const linked = AbortSignal.any([signal, stop.signal]);
    const parts = [
      this.#renewLeases(kube, node, linked),
      this.#report(kube, node, registeredAt, linked),
      this.#runPods(kube, node, linked),
    ];
    try {
      await Promise.all(parts);
    } finally {
      stop.abort(new Error("kubelet ended"));
      await Promise.allSettled(parts);
    }
  }

  async #renewLeases(kube: Kube, node: Node, signal: AbortSignal): Promise<void> {
    const clock = this.#deps.leaseClock ?? this.#deps.clock;
    let lease: Lease | undefined;
    while (true) {
      if (!this.#faults.hangs) {
        try {
          lease = await renewLease(kube, node, lease, clock.now(), signal);
        } catch (error) {
          signal.throwIfAborted();
          // Read it anew next time: somebody else wrote, or it is not known what happened.
          lease = undefined;
          this.#log.debug("Lease was not renewed", { error: String(error) });
        }
      }
      await clock.sleep(leaseTimings.renewMs, signal);
    }
  }

  /** Network, GPUs, then a heartbeat; each as one patch of the status. */
  async #report(kube: Kube, node: Node, registeredAt: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const { name } = node.metadata;
    const timings = this.#timings;
    let state: NodeState = { registeredAt };
    const report = async () => {
      while (this.#faults.hangs) await clock.sleep(hangPollMs, signal);
      const status = createNodeStatus(this.machine, state, clock.now());
      const options = { kind: "strategic", subresource: "status", signal } as const;
      await this.#persist(
        "report",
        () => kube.patch(nodes, { name }, { status }, options),
        signal,
      );
    };
    await clock.sleep(timings.networkMs, signal);
    while (this.#faults.networkNeverReady) await clock.sleep(hangPollMs, signal);
    state = { ...state, networkSince: clock.now() };
    await report();
    this.phase = "ready";
    await clock.sleep(this.#faults.gpuDelayMs ?? timings.devicePluginMs, signal);
    while (true) {
      if (this.machine.gpuCount > 0 && !this.#faults.gpusNeverAppear) {
        state = { ...state, gpuCount: this.#faults.gpuCount ?? this.machine.gpuCount };
      }
      await report();
      await clock.sleep(timings.heartbeatMs, signal);
    }
  }

  async #runPods(kube: Kube, node: Node, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#deps;
    const hostAddress = node.status?.addresses?.[0]?.address ?? "";
    const runner = new PodRunner({
      kube,
      clock,
      random,
      log: this.#log,
      timings: this.#timings,
      hostAddress,
      assignAddress: () => this.#assignAddress(hostAddress),
    }, signal);
    const informer = createInformer(
      { kube, clock, random, log: this.#log, metrics: silentMetrics },
      pods,
      { fieldSelector: `spec.nodeName=${node.metadata.name}` },
    );
    const unsubscribe = informer.onChange(({ object, old }) => {
      if (old !== undefined && old.metadata.uid !== object?.metadata.uid) runner.forget(old);
      if (object !== undefined) runner.observe(object);
    });
    try {
      await informer.run(signal);
    } finally {
      unsubscribe();
      await runner.settled();
    }
  }

  /** From a /24 that no other machine uses, as far as the last two octets of its address tell. */
  #assignAddress(hostAddress: string): string {
    const [, , third = "0", fourth = "0"] = hostAddress.split(".");
    this.#podCount = this.#podCount % 250 + 1;
    return `100.${64 + Number(third) % 64}.${Number(fourth) % 256}.${this.#podCount}`;
  }

  #persist<T>(what: string, action: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, random } = this.#deps;
    return persist({ clock, random, log: this.#log }, what, action, signal);
  }
}

/** Creates the Node; one that exists already is this machine's own from an earlier attempt. */
async function register(kube: Kube, node: Node, signal: AbortSignal): Promise<Node> {
  try {
    return await kube.create(nodes, node, { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return await kube.get(nodes, { name: node.metadata.name }, { signal });
  }
}
