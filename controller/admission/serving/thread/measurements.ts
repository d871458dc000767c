/**
 * Measurements on their way from one thread to another, combined where that loses nothing.
 *
 * @module
 */

import type { MetricLabels, Metrics } from "../../../../runtime/metrics.ts";

/** What was measured of one series since the last time; plain values, fit for `postMessage`. */
export interface Measurement {
  readonly name: string;
  readonly labels: MetricLabels | undefined;
  /** What was added to a counter. */
  readonly count?: number | undefined;
  /** The last value of a gauge. */
  readonly gauge?: number | undefined;
  /** All values of a histogram. */
  readonly observed?: readonly number[] | undefined;
}

interface Collected {
  readonly name: string;
  readonly labels: MetricLabels | undefined;
  count?: number;
  gauge?: number;
  readonly observed: number[];
}

/** Metrics that wait to be taken. */
export class MeasurementBuffer implements Metrics {
  readonly #series = new Map<string, Collected>();

  count(name: string, labels?: MetricLabels, by = 1): void {
    const series = this.#of(name, labels);
    series.count = (series.count ?? 0) + by;
  }

  gauge(name: string, value: number, labels?: MetricLabels): void {
    this.#of(name, labels).gauge = value;
  }

  observe(name: string, value: number, labels?: MetricLabels): void {
    this.#of(name, labels).observed.push(value);
  }

  /** Everything since the last time. */
  take(): readonly Measurement[] {
    const taken = [...this.#series.values()];
    this.#series.clear();
    return taken;
  }

  #of(name: string, labels: MetricLabels | undefined): Collected {
    const key = labels === undefined ? name : `${name} ${JSON.stringify(labels)}`;
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, series = { name, labels, observed: [] });
    return series;
  }
}

/** Records in `metrics` what was measured elsewhere. */
export function replay(measurements: readonly Measurement[], metrics: Metrics): void {
  for (const { name, labels, count, gauge, observed = [] } of measurements) {
    if (count !== undefined) metrics.count(name, labels, count);
    if (gauge !== undefined) metrics.gauge(name, gauge, labels);
    for (const value of observed) metrics.observe(name, value, labels);
  }
}
