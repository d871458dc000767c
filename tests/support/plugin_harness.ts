/**
 * Runs the plugin as a process would, without one: words in, text and status out. The cluster is the
 * simulated API server, the cloud the simulated one; both in process.
 *
 * @module
 */

import { createKubeClient } from "../../kube/client.ts";
import { KubeConnectionError } from "../../kube/errors.ts";
import { type Kube, KubeError } from "../../kube/kube.ts";
import type { EndpointAnswer, EndpointTarget } from "../../kube/preflight/probe_endpoint.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import type { GlobalFlags } from "../../plugin/global_flags.ts";
import { runPlugin } from "../../plugin/run_plugin.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import { applyObjects, readKustomization } from "../../sim/demo/apply_manifests.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";

/** What a run left. */
export interface PluginResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run once. */
export interface PluginRunOptions {
  /** Width of the terminal; absent when stdout is none. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** What the user types at each question; nobody is there when absent. */
  readonly answers?: readonly string[];
  /** Ctrl-C. */
  readonly interrupted?: AbortSignal;
}

/** See the module. */
export class PluginHarness implements AsyncDisposable {
  readonly clock = new FakeClock();
  /** Administrator's access to the cluster. */
  readonly kube: Kube;
  /** What the API server's `Date` says, less the local clock. */
  clockSkewMs: number | undefined = 0;
  /** Who answers at an address. */
  probe: (target: EndpointTarget) => EndpointAnswer = () => ({
    kind: "silent",
    why: "there is no network here",
  });
  /** Flags of the last connection. */
  lastFlags: GlobalFlags | undefined;
  /** Connections that nobody has closed yet. */
  openConnections = 0;
  /** Thrown instead of connecting. */
  connectError: Error | undefined;
  /** What happens instead of answers. */
  unreachable: string | undefined;
  /** Connections are made, and nothing is answered. */
  hanging = false;
  /** Plurals of the kinds that the plugin's user may not read, or with `create ` before them not create. */
  readonly forbidden = new Set<string>();
  readonly #api = createApiServer({ clock: this.clock, random: createSeededRandom(1) });

  private constructor() {
    this.kube = createKubeClient({
      clock: this.clock,
      random: createSeededRandom(2),
      transport: createHandlerTransport(async (request) => {
        const response = await this.#api.handler(request, { peer: adminPeer });
        if (response === cut) throw new TypeError("the connection was cut");
        return response;
      }),
    });
  }

  /** A cluster with our manifests, or without anything of ours. */
  static async create(options: { readonly installed?: boolean } = {}): Promise<PluginHarness> {
    const harness = new PluginHarness();
    if (options.installed ?? true) {
      const manifests = new URL("../../manifests/overlays/controller-outside/", import.meta.url);
      await harness.apply(...await readKustomization(manifests));
    }
    return harness;
  }

  /** Applies objects; a status is written, too. */
  async apply(...objects: readonly KubernetesObject[]): Promise<void> {
    await applyObjects(this.kube, objects);
  }

  /** Runs `kubectl tgp <words>`. */
  async run(words: string, options: PluginRunOptions = {}): Promise<PluginResult> {
    return await this.runWords(words.split(" ").filter((word) => word !== ""), options);
  }

  /** The same for words that hold spaces. */
  async runWords(words: readonly string[], options: PluginRunOptions = {}): Promise<PluginResult> {
    let stdout = "";
    let stderr = "";
    const answers = [...options.answers ?? []];
    const io = {
      out: (text: string) => stdout += text,
      message: (line: string) => stderr += `${line}\n`,
      columns: options.columns,
      ask(question: string) {
        const answer = answers.shift();
        if (options.answers !== undefined) stderr += `${question}${answer ?? ""}\n`;
        return options.answers === undefined ? undefined : answer ?? "";
      },
    };
    const code = await runPlugin(words, io, {
      clock: this.clock,
      random: createSeededRandom(3),
      fetch: options.fetch ?? (() => Promise.reject(new TypeError("there is no network here"))),
      env: (name) => options.env?.[name],
      untilInterrupted: (run) => run(options.interrupted ?? new AbortController().signal),
      clockSkewMs: () => this.clockSkewMs,
      probeEndpoint: (target) => Promise.resolve(this.probe(target)),
      connect: (flags) => {
        this.lastFlags = flags;
        if (this.connectError) return Promise.reject(this.connectError);
        this.openConnections += 1;
        const close = () => {
          this.openConnections -= 1;
        };
        return Promise.resolve(Object.assign(this.#restrict(this.kube), { close }));
      },
    });
    return { code, stdout, stderr };
  }

  /** The cluster as a user sees it who may not read everything. */
  #restrict(kube: Kube): Kube {
    const guard = (type: ResourceType<KubernetesObject>) => {
      if (!this.forbidden.has(type.plural)) return;
      throw new KubeError(403, `${type.plural} is forbidden: User "jane" cannot read it`);
    };
    const restricted: Kube = Object.create(kube);
    const { unreachable } = this;
    if (unreachable !== undefined) {
      restricted.getRaw = () => Promise.reject(new KubeConnectionError(unreachable));
    }
    if (this.hanging) restricted.getRaw = () => new Promise(() => {});
    restricted.get = async (type, ...rest) => {
      guard(type);
      return await kube.get(type, ...rest);
    };
    restricted.list = async (type, ...rest) => {
      guard(type);
      return await kube.list(type, ...rest);
    };
    restricted.create = async (type, ...rest) => {
      guard(type);
      if (this.forbidden.has(`create ${type.plural}`)) {
        const who = `User "jane" cannot create resource "${type.plural}"`;
        throw new KubeError(403, `${type.plural} is forbidden: ${who}`);
      }
      return await kube.create(type, ...rest);
    };
    return restricted;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#api.close();
    return Promise.resolve();
  }
}
