/**
 * Looks at the cluster when this process begins to lead, when classes change, and again while a check fails: what
 * would keep machines from joining is better known before one is paid for.
 *
 * Owns nothing; tells by Events on GPUNodeClasses, by log lines and by a metric. `kubectl tgp doctor` looks at
 * the same things for a person, with the remedies.
 *
 * **Guarantees**: nothing waits for it, and whatever goes wrong here ends nothing; what it may not look at it
 * does not try to; a cluster in which no check fails is looked at once.
 *
 * @module
 */

import type { Recorder } from "../../kube/events.ts";
import type { Kube } from "../../kube/kube.ts";
import { controllerChecks } from "../../kube/preflight/checks.ts";
import { decodeBundle } from "../../kube/preflight/pem.ts";
import type { ProbeEndpoint } from "../../kube/preflight/probe_endpoint.ts";
import { runPreflight } from "../../kube/preflight/run_preflight.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { Reader } from "../reader.ts";
import { controllerVersion } from "../version_number.ts";
import { type Report, toReport } from "./report.ts";

/** How often is looked whether classes have changed, in milliseconds; somebody edits one and waits. */
const changesEveryMs = 10_000;

/** How soon is looked whether what was wrong is mended, in milliseconds; the checks read, and write nothing. */
const againMs = 10 * 60_000;

/** Collaborators. */
export interface PreflightDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  /** For time limits. */
  readonly wallClock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly classes: Reader<GPUNodeClass>;
  /** See `PreflightContext`; absent where there are no sockets. */
  readonly probeEndpoint?: ProbeEndpoint | undefined;
  /** See `PreflightContext`; absent where nobody knows. */
  readonly clockSkewMs?: (() => number | undefined) | undefined;
  /** The controller's own namespace. */
  readonly namespace: string;
  /** What machines are told to trust when their class does not say: PEM certificates in base64. */
  readonly caBundle: string | undefined;
}

/** See the module. */
export class Preflight {
  readonly #deps: PreflightDeps;
  #last: Report | undefined;
  #lookedAt = -Infinity;

  constructor(deps: PreflightDeps) {
    this.#deps = deps;
  }

  /** Looks, and looks again when there is reason to, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    let seen: string | undefined;
    while (!signal.aborted) {
      const state = this.#describeClasses();
      const isUnmended = !this.#last?.isClear && clock.now() - this.#lookedAt >= againMs;
      if (state !== seen || isUnmended) {
        seen = state;
        this.#lookedAt = clock.now();
        await this.look(signal).catch((error) => {
          if (!signal.aborted) log.warn("Cannot look at the cluster", { error: String(error) });
        });
      }
      await clock.sleep(changesEveryMs, signal).catch(() => {});
    }
  }

  /** Looks once and tells what is new. @throws The signal's reason. */
  async look(signal: AbortSignal): Promise<void> {
    const { kube, clock, wallClock, namespace, caBundle, probeEndpoint, clockSkewMs } = this.#deps;
    const findings = await runPreflight(
      controllerChecks,
      {
        kube,
        clock,
        namespace,
        version: controllerVersion,
        ownCaPem: caBundle === undefined ? undefined : decodeBundle(caBundle),
        clockSkewMs: clockSkewMs ?? (() => undefined),
        probeEndpoint,
        isController: true,
      },
      wallClock,
      signal,
    );
    const report = toReport(findings, this.#deps.classes.list(), this.#last);
    this.#last = report;
    this.#tell(report);
  }

  #tell({ news, failing, notes }: Report): void {
    const { log, metrics, recorder } = this.#deps;
    for (const { check, subject, state, message, remedy } of news) {
      const fields = { check, class: subject, message, remedy: remedy.map((line) => line.trim()) };
      switch (state) {
        case "fail":
          log.error("Preflight check failed", fields);
          break;
        case "warn":
          log.warn("Preflight check warns", fields);
          break;
        case "ok":
        case "unknown":
          log.debug("Preflight check", { ...fields, state });
      }
    }
    for (const [check, count] of failing) metrics.gauge("tgp_preflight_failing", count, { check });
    for (const note of notes) recorder.record(note);
  }

  /** What checks depend on of classes: changes with every edit, and with nothing that we write. */
  #describeClasses(): string {
    return this.#deps.classes.list()
      .map(({ metadata: { name, uid, generation } }) => `${name} ${uid} ${generation}`)
      .sort().join("\n");
  }
}
