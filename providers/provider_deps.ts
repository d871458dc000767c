/**
 * What a provider is built on.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";

/** `fetch`, as far as providers use it: always a `Request`, whose signal ends the exchange. */
export type Fetch = (request: Request) => Promise<Response>;

/** What a provider is built on. */
export interface ProviderDeps {
  /** The account's API key. Checked by the registry; never logged, quoted or kept elsewhere. */
  readonly apiKey: string;
  /** Six characters that stand for this cluster in names and tags. */
  readonly clusterId: string;
  readonly fetch: Fetch;
  /** Replaces the vendor's scheme and host, for simulators and proxies: `http://127.0.0.1:9001`. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}
