/**
 * Every simulated cloud that there is an adapter for, as the plugin reaches it: by `TGP_…_URL`, with keys
 * in the environment, or in Secrets of the harness' cluster.
 *
 * @module
 */

import { findRegistration, parseProviderName, providerNames } from "../../providers/registry.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { simulatedClouds } from "../../sim/clouds/registry.ts";
import type { SimulatedCloud } from "../../sim/clouds/simulated_cloud.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";
import { createClassOf, createSecret } from "./plugin_objects.ts";
import type { PluginHarness, PluginResult, PluginRunOptions } from "./plugin_harness.ts";

/** Clouds with both an adapter and a simulator. */
export const cloudNames: readonly string[] = simulatedClouds.map(({ name }) => name)
  .filter((name) => providerNames.some((known) => known === name));

/** See the module. */
export class PluginClouds {
  readonly clouds: ReadonlyMap<string, SimulatedCloud>;
  /** The key that each cloud accepts; tests may put others here. */
  readonly keys: Map<string, string>;
  /** Clouds that take requests and never answer. */
  readonly hanging = new Set<string>();
  readonly #plugin: PluginHarness;

  constructor(plugin: PluginHarness) {
    const { clock } = plugin;
    const registrations = simulatedClouds.filter(({ name }) => cloudNames.includes(name));
    this.#plugin = plugin;
    this.keys = new Map(registrations.map(({ name, defaultKey }) => [name, defaultKey]));
    this.clouds = new Map(
      registrations.map(({ name, defaultKey, create }, index) => [
        name,
        create({ clock, random: createSeededRandom(5 + index), apiKeys: [defaultKey] }),
      ]),
    );
  }

  /** Runs `kubectl tgp <words>` with these clouds, and lets time pass until it has ended. */
  async run(words: string, options: PluginRunOptions = {}): Promise<PluginResult> {
    const running = this.#plugin.run(words, {
      ...options,
      env: { ...this.#environment(), ...options.env },
      fetch: (request) => this.#fetch(request),
    });
    let done = false;
    running.finally(() => done = true);
    while (!done) await this.#plugin.clock.advance(500);
    return await running;
  }

  /** Creates the class `default` with an account at every cloud, and the Secret with their keys. */
  async createClass(status?: Readonly<Record<string, unknown>>): Promise<void> {
    const { kube } = this.#plugin;
    await createSecret(kube, "cloud-keys", Object.fromEntries(this.keys));
    const providers = [...this.keys.keys()].map((name) => ({
      name,
      credentialsRef: { name: "cloud-keys", key: name },
      ...(name === "lambda" ? { lambda: { sshKeyName: "tgp" } } : {}),
    }));
    await createClassOf(kube, "default", providers, status);
  }

  #environment(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.keys].flatMap(([name, key]) => {
        const { apiKeyVariable, urlVariable } = findRegistration(parseProviderName(name));
        return [[apiKeyVariable, key], [urlVariable, `http://${name}.test`]];
      }),
    );
  }

  #fetch(request: Request): Promise<Response> {
    const [name = ""] = new URL(request.url).hostname.split(".");
    if (this.hanging.has(name)) {
      const { promise, reject } = Promise.withResolvers<Response>();
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
      return promise;
    }
    const cloud = this.clouds.get(name);
    if (!cloud) throw new TypeError(`there is no cloud at ${request.url}`);
    return createInProcessFetch(cloud.handler)(request);
  }
}
