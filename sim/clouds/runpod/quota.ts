/**
 * REST v2's quotas: so many requests of one key in each minute, hour and day, told in every answer.
 *
 * @module
 */

import type { Quota } from "./behaviour.ts";

type WindowName = keyof Quota;

const windowMs: Readonly<Record<WindowName, number>> = Object.freeze({
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
});

const names: readonly WindowName[] = ["minute", "hour", "day"];

/** What happened to a request. */
export interface Verdict {
  /** The window that is used up, and seconds until it starts anew; `undefined`: the request may pass. */
  readonly exceeded: { readonly window: WindowName; readonly seconds: number } | undefined;
  /** `RateLimit` and `RateLimit-Policy`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts the requests of one key in windows that start with their first request. */
export class QuotaCounter {
  readonly #windows = new Map<WindowName, { startedAt: number; used: number }>();

  /** Counts a request unless it is refused. */
  count(quota: Quota, now: number): Verdict {
    const windows = names.map((name) => ({ name, window: this.#windowAt(name, now) }));
    const full = windows.find(({ name, window }) => window.used >= quota[name]);
    if (full === undefined) windows.forEach(({ window }) => window.used++);
    const secondsOf = (name: WindowName, startedAt: number) =>
      Math.ceil((startedAt + windowMs[name] - now) / 1_000);
    const limits = windows.map(({ name, window }) =>
      `"${name}";r=${quota[name] - window.used};t=${secondsOf(name, window.startedAt)}`
    );
    const policies = names.map((name) => `"${name}";q=${quota[name]};w=${windowMs[name] / 1_000}`);
    return {
      exceeded: full && {
        window: full.name,
        seconds: secondsOf(full.name, full.window.startedAt),
      },
      headers: { "ratelimit": limits.join(", "), "ratelimit-policy": policies.join(", ") },
    };
  }

  #windowAt(name: WindowName, now: number): { startedAt: number; used: number } {
    const known = this.#windows.get(name);
    if (known !== undefined && now < known.startedAt + windowMs[name]) return known;
    const fresh = { startedAt: now, used: 0 };
    this.#windows.set(name, fresh);
    return fresh;
  }
}
