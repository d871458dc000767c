/**
 * What commands work with.
 *
 * @module
 */

import type { Kube } from "../kube/kube.ts";
import type { ProbeEndpoint } from "../kube/preflight/probe_endpoint.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";
import type { GlobalFlags } from "./global_flags.ts";

/** A connection to the API server that somebody has to close. */
export interface KubeSession extends Kube {
  close(): void;
}

/** What commands work with. */
export interface PluginDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** For vendors' APIs, with `--local`. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly env: (name: string) => string | undefined;
  /**
   * Runs something that must not be cut off anywhere: Ctrl-C aborts the signal instead of ending the
   * process; a second one ends it.
   */
  readonly untilInterrupted: <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /**
   * How far this machine's clock is behind the API server's, in milliseconds, negative if it is ahead;
   * `undefined` before anything was answered.
   */
  readonly clockSkewMs: () => number | undefined;
  /** Looks at who answers at an address. */
  readonly probeEndpoint: ProbeEndpoint;
  /**
   * Connects as kubectl would with the same flags.
   *
   * @throws {KubeconfigError} If there is no usable configuration.
   */
  readonly connect: (flags: GlobalFlags) => Promise<KubeSession>;
}

/** Runs something with a connection and closes it. */
export async function withKube<T>(
  deps: Pick<PluginDeps, "connect">,
  flags: GlobalFlags,
  run: (kube: Kube) => Promise<T>,
): Promise<T> {
  const kube = await deps.connect(flags);
  try {
    return await run(kube);
  } finally {
    kube.close();
  }
}
