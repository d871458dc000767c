/**
 * Metrics for Prometheus through prom-client.
 *
 * @module
 */

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ForgettingMetrics, MetricLabels } from "./metrics.ts";
import { registerProcessMetrics } from "./process_metrics.ts";

/** Metrics, and the text that a scrape gets. */
export interface PrometheusMetrics extends ForgettingMetrics {
  readonly contentType: string;
  expose(): Promise<string>;
}

/** From a cache hit to an eight-GPU boot, in seconds. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1200];

/**
 * A registry of its own. A name without a help text is exposed under its own name: a forgotten text must
 * not stop what is being measured.
 */
export function createPrometheusMetrics(
  help: Readonly<Record<string, string>>,
  options: { readonly processMetrics: boolean } = { processMetrics: true },
): PrometheusMetrics {
  const registry = new Registry();
  if (options.processMetrics) registerProcessMetrics(registry);
  const series = new Map<string, Counter | Gauge | Histogram>();
  /** Which series each gauge has. */
  const gaugeLabels = new Map<Gauge, Map<string, MetricLabels>>();

  /** Label names are those of the first use: every use of a name carries the same ones. */
  function find<T extends Counter | Gauge | Histogram>(
    name: string,
    kind: new (config: {
      name: string;
      help: string;
      labelNames: string[];
      registers: Registry[];
      buckets?: number[];
    }) => T,
    labels: MetricLabels | undefined,
  ): T {
    const known = series.get(name);
    if (known instanceof kind) return known;
    if (known) throw new TypeError(`Metric "${name}" is already of another kind`);
    const created = new kind({
      name,
      help: help[name] ?? name,
      labelNames: Object.keys(labels ?? {}),
      registers: [registry],
      ...(name.endsWith("_seconds") ? { buckets } : {}),
    });
    series.set(name, created);
    return created;
  }

  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    count: (name, labels, by = 1) => find(name, Counter, labels).inc(labels ?? {}, by),
    gauge(name, value, labels = {}) {
      const gauge = find(name, Gauge, labels);
      gauge.set(labels, value);
      const known = gaugeLabels.get(gauge) ?? new Map();
      gaugeLabels.set(gauge, known.set(JSON.stringify(labels), labels));
    },
    observe: (name, value, labels) => find(name, Histogram, labels).observe(labels ?? {}, value),
    forget(labels) {
      for (const [gauge, known] of gaugeLabels) {
        for (const [key, own] of known) {
          if (!carries(own, labels)) continue;
          gauge.remove(own);
          known.delete(key);
        }
      }
    },
  };
}

function carries(own: MetricLabels, wanted: MetricLabels): boolean {
  return Object.entries(wanted).every(([name, value]) => own[name] === value);
}
