/**
 * Metrics as a port: product code counts and observes, an adapter exposes.
 *
 * Names use Prometheus conventions: prefix `tgp_`, base units, `_total` for counters, `_seconds` for
 * durations; label values are bounded sets, never names of pods or machines.
 *
 * @module
 */

/** The labels of one series. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Where measurements go. */
export interface Metrics {
  /** Adds `by` (default 1) to a counter. */
  count(name: string, labels?: MetricLabels, by?: number): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: MetricLabels): void;
  /** Observes one value of a histogram, in the unit of the name's suffix. */
  observe(name: string, value: number, labels?: MetricLabels): void;
}

/** Metrics whose every series also carries `base`. */
export function labelMetrics(metrics: Metrics, base: MetricLabels): Metrics {
  return {
    count: (name, labels, by) => metrics.count(name, { ...base, ...labels }, by),
    gauge: (name, value, labels) => metrics.gauge(name, value, { ...base, ...labels }),
    observe: (name, value, labels) => metrics.observe(name, value, { ...base, ...labels }),
  };
}

/** Metrics of what comes and goes. */
export interface ForgettingMetrics extends Metrics {
  /**
   * Removes every series of a gauge that carries all of these labels: what it told of is gone, and a last
   * value that stayed would be taken for the present one. Counters stay, as they have to.
   */
  forget(labels: MetricLabels): void;
}

/** Metrics that go nowhere. */
export const silentMetrics: ForgettingMetrics = {
  count() {},
  gauge() {},
  observe() {},
  forget() {},
};
