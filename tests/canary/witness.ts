/**
 * Remembers everything that a whole world lets out: every state of every object but Secrets, every log
 * line and every metric.
 *
 * @module
 */

import { metricsHelp } from "../../controller/metrics_help.ts";
import { createPrometheusMetrics } from "../../runtime/prometheus.ts";
import type { ApiServer } from "../../sim/api_server/api_server.ts";
import { Recorder } from "../providers/provider_world.ts";

/** See the module. */
export class Witness {
  readonly metrics = createPrometheusMetrics(metricsHelp, { processMetrics: false });
  readonly #recorder = new Recorder();
  readonly log = this.#recorder.log;
  readonly #objects = new Set<string>();
  readonly #kinds = new Map<string, number>();

  /** Watches a server from now on. Secrets are where secrets belong. */
  watch({ store }: ApiServer): void {
    store.subscribe(({ object }) => {
      const kind = String(object["kind"] ?? "");
      if (kind === "Secret") return void this.#noteToken(object["data"]);
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      this.#objects.add(JSON.stringify(object));
    });
  }

  /** How many states of each kind of object were seen. */
  get kinds(): ReadonlyMap<string, number> {
    return this.#kinds;
  }

  /** The secret parts of all tokens that machines were to join with. */
  readonly tokens = new Set<string>();

  #noteToken(data: unknown): void {
    if (typeof data !== "object" || data === null || !("token-secret" in data)) return;
    this.tokens.add(atob(String(data["token-secret"])));
  }

  /** Everything, as one text. */
  async read(): Promise<string> {
    return [...this.#objects, ...this.#recorder.lines, await this.metrics.expose()].join("\n");
  }

  /** What was logged. */
  get lines(): readonly string[] {
    return this.#recorder.lines;
  }
}
