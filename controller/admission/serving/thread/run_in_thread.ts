/**
 * The webhook's thread, seen from inside: from the order to start to the last report.
 *
 * @module
 */

import type { Clock } from "../../../../runtime/clock.ts";
import type { Webhook } from "../webhook.ts";
import type { MeasurementBuffer } from "./measurements.ts";
import { type Report, reportMs } from "./messages.ts";

/** Collaborators. */
export interface InThreadDeps {
  readonly webhook: Webhook;
  /** What the webhook measures. */
  readonly measurements: MeasurementBuffer;
  readonly clock: Clock;
  readonly post: (report: Report) => void;
}

/** Runs until `signal` aborts, which is the order to stop, and reports all along. */
export async function runInThread(
  { webhook, measurements, clock, post }: InThreadDeps,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const report = () =>
    post({ kind: "state", isReady: webhook.isReady(), measurements: measurements.take() });
  const reporting = (async () => {
    while (!done.signal.aborted) {
      await clock.sleep(reportMs, done.signal).catch(() => {});
      report();
    }
  })();
  try {
    await webhook.run(signal);
  } finally {
    done.abort();
    await reporting;
  }
  post({ kind: "stopped" });
}
