/**
 * The running programs of one control plane.
 *
 * @module
 */

import {
  type Layout,
  toApiServerArgs,
  toControllerManagerArgs,
  toEtcdArgs,
  toSchedulerArgs,
} from "./arguments.ts";
import { Component } from "./component.ts";
import { answersOk } from "./probe.ts";
import type { ProgramName, Programs } from "./programs.ts";

/** A program that keeps running. */
export type ComponentName = Exclude<ProgramName, "kubectl">;

/** What to run. */
export interface ComponentsOptions {
  readonly layout: Layout;
  readonly programs: Programs;
  /** Flags for the API server after our own. */
  readonly apiServerArgs: readonly string[];
}

/** Each component uses those before it, so they end in the opposite order. */
const startOrder: readonly ComponentName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
];

/** How long one component may take until it is ready, in milliseconds: 1 s each on two idle cores. */
const readyTimeoutMs = 60_000;

/** Starts, restarts and stops the components of one control plane. */
export class Components implements AsyncDisposable {
  readonly #options: ComponentsOptions;
  readonly #running = new Map<ComponentName, Component>();

  constructor(options: ComponentsOptions) {
    this.#options = options;
  }

  /** The process ids of what was started. */
  get pids(): ReadonlyMap<ComponentName, number> {
    return new Map([...this.#running].map(([name, component]) => [name, component.pid]));
  }

  /**
   * Starts a component and waits until it is ready.
   *
   * @throws {Error} It ended or was not ready in time; it is still stopped with the others.
   */
  async start(name: ComponentName): Promise<void> {
    const component = Component.start({
      name,
      program: this.#options.programs[name],
      args: this.#toArgs(name),
      dir: this.#options.layout.dir,
    });
    this.#running.set(name, component);
    await this.#waitUntilReady(name, component);
  }

  /** Ends a component and starts it again on the same port and data. */
  async restart(name: ComponentName, signal: Deno.Signal): Promise<void> {
    await this.#get(name).stop(signal);
    await this.start(name);
  }

  /** What a component has written. */
  async readLog(name: ComponentName): Promise<string> {
    return await this.#get(name).readLog();
  }

  /** Stops everything in order; one that fails to stop does not keep the others running. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using running = new AsyncDisposableStack();
    for (const name of startOrder) running.defer(() => this.#running.get(name)?.stop());
  }

  #get(name: ComponentName): Component {
    const component = this.#running.get(name);
    if (component === undefined) throw new Error(`This control plane has no "${name}"`);
    return component;
  }

  #toArgs(name: ComponentName): string[] {
    const { layout, apiServerArgs } = this.#options;
    switch (name) {
      case "etcd":
        return toEtcdArgs(layout);
      case "kube-apiserver":
        return [...toApiServerArgs(layout), ...apiServerArgs];
      case "kube-controller-manager":
        return toControllerManagerArgs(layout);
      case "kube-scheduler":
        return toSchedulerArgs(layout);
    }
  }

  async #waitUntilReady(name: ComponentName, component: Component): Promise<void> {
    const { dir, ports } = this.#options.layout;
    const apiServer = `https://127.0.0.1:${ports.apiServer}`;
    const urls = {
      etcd: [`http://127.0.0.1:${ports.etcd}/health`],
      "kube-apiserver": [`${apiServer}/readyz`],
      // No Pod can be created before its namespace's default service account.
      "kube-controller-manager": [
        `https://127.0.0.1:${ports.controllerManager}/healthz`,
        `${apiServer}/api/v1/namespaces/default/serviceaccounts/default`,
      ],
      "kube-scheduler": [`https://127.0.0.1:${ports.scheduler}/readyz`],
    }[name];
    using client = name === "etcd" ? null : await createAdminClient(dir);
    for (const url of urls) {
      await component.waitUntilReady(() => answersOk(url, client ?? undefined), readyTimeoutMs);
    }
  }
}

async function createAdminClient(dir: string): Promise<Deno.HttpClient> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map((file) => Deno.readTextFile(`${dir}/${file}`)),
  );
  return Deno.createHttpClient({ caCerts: [ca ?? ""], cert: cert ?? "", key: key ?? "" });
}
