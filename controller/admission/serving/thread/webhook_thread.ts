/**
 * The webhook in a thread of its own, seen from the process: whatever the process is busy with, planning
 * for fifty thousand pods or reading them all anew, does not delay an answer.
 *
 * A thread that fails is replaced; until then the webhook is not ready. One that hangs cannot be replaced: it
 * would go on to hold its port and a processor (Deno 2.9.6 does not end it), so that the process has to go.
 *
 * @module
 */

import { type BackoffOptions, computeBackoffMs } from "../../../../runtime/backoff.ts";
import type { Clock } from "../../../../runtime/clock.ts";
import type { Log } from "../../../../runtime/log.ts";
import type { Metrics } from "../../../../runtime/metrics.ts";
import type { Random } from "../../../../runtime/random.ts";
import type { Webhook } from "../webhook.ts";
import { replay } from "./measurements.ts";
import type { Order, Report, WebhookConfig } from "./messages.ts";

/** A thread. */
export interface Thread {
  post(order: Order): void;
  terminate(): void;
}

/** Who hears of a thread. */
export interface ThreadListener {
  onReport(report: Report): void;
  /** It failed, and does nothing any more. */
  onFailure(reason: string): void;
}

/** Starts a thread. */
export type StartThread = (listener: ThreadListener) => Thread;

/** Collaborators. */
export interface WebhookThreadDeps {
  readonly startThread: StartThread;
  /** Wall time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A thread that has been silent for this long, in milliseconds, is not ready. */
const silenceMs = 10_000;
/**
 * So many times as long, one by one, it hangs. Counted and not measured: where the process itself could do
 * nothing for a while, what the thread said meanwhile has yet to be heard.
 */
const silencesOfHanging = 6;
/** Longer than the thread takes to let go of its clients; then it is ended. */
const stopMs = 20_000;
const backoff: BackoffOptions = Object.freeze({ initialMs: 1_000, maxMs: 30_000 });

/** The thread hangs. */
export class HangingThreadError extends Error {
  override name = "HangingThreadError";

  constructor() {
    const seconds = silencesOfHanging * silenceMs / 1_000;
    super(`The webhook's thread has not been heard of for ${seconds} s and cannot be ended`);
  }
}

/** Creates the webhook; its thread starts when it runs. Its `run` throws a {@linkcode HangingThreadError}. */
export function createWebhookThread(deps: WebhookThreadDeps, config: WebhookConfig): Webhook {
  const { clock, log, random } = deps;
  let last: { readonly isReady: boolean; readonly atMs: number } | undefined;
  const remember = (isReady: boolean) => last = { isReady, atMs: clock.now() };
  return {
    isReady: () => last !== undefined && last.isReady && clock.now() - last.atMs < silenceMs,
    async run(signal) {
      for (let failures = 0; !signal.aborted;) {
        try {
          await runOnce(deps, { config, remember }, signal);
        } catch (error) {
          if (error instanceof HangingThreadError) throw error;
          log.error("The webhook's thread failed", { error: String(error) });
          if (last?.isReady) failures = 0;
          remember(false);
          await clock.sleep(computeBackoffMs(backoff, ++failures, random), signal).catch(() => {});
        }
      }
    },
  };
}

/** Runs a thread until it has stopped as asked. @throws {Error} If it failed, or hangs. */
async function runOnce(
  { clock, metrics, startThread }: WebhookThreadDeps,
  { config, remember }: {
    readonly config: WebhookConfig;
    readonly remember: (isReady: boolean) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  let isHeard = false;
  const thread = startThread({
    onReport(report) {
      isHeard = true;
      if (report.kind === "stopped") return over.resolve();
      remember(report.isReady && !signal.aborted);
      replay(report.measurements, metrics);
    },
    onFailure: (reason) => over.reject(new Error(reason)),
  });
  const waiting = new AbortController();
  const watchSilence = async () => {
    for (let silences = 0; silences < silencesOfHanging;) {
      await clock.sleep(silenceMs, waiting.signal);
      silences = isHeard ? 0 : silences + 1;
      isHeard = false;
    }
    over.reject(new HangingThreadError());
  };
  const onAbort = () => {
    remember(false);
    thread.post({ kind: "stop" });
    clock.sleep(stopMs, waiting.signal).then(() => over.resolve(), () => {});
  };
  try {
    thread.post({ kind: "start", config });
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    // Only the end of the wait can make it throw.
    watchSilence().catch(() => {});
    await over.promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
    waiting.abort();
    thread.terminate();
  }
}
