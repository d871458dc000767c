/**
 * What `kubectl tgp teardown` is asked to do.
 *
 * @module
 */

import type { GlobalFlags } from "../global_flags.ts";
import { UsageError } from "../plugin_error.ts";
import type { TeardownFlags } from "./flags.ts";

/** See the module. */
export interface TeardownOptions {
  readonly scope:
    | {
      readonly kind: "cluster";
      /** Only this pool's machines; everything when absent. */
      readonly pool: string | undefined;
      /** Whether GPUNodeClasses stay. */
      readonly keepClasses: boolean;
    }
    | {
      readonly kind: "local";
      /** Whose machines; asked for, or found, when absent. */
      readonly clusterId: string | undefined;
    };
  /** Whether the user has agreed already. */
  readonly yes: boolean;
  readonly dryRun: "none" | "client" | "server";
  /** In milliseconds; 0 is none. */
  readonly timeoutMs: number;
}

/** Two hours: pods may take the default grace period of one to leave, and a large machine a while to end. */
const defaultTimeout = "2h";

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** Reads flags. @throws {UsageError} */
export function parseOptions(flags: TeardownFlags, globals: GlobalFlags): TeardownOptions {
  const { local = false, pool, keepClasses = false } = flags;
  const dryRun = parseDryRun(flags.dryRun);
  const common = {
    yes: flags.yes ?? false,
    dryRun,
    timeoutMs: parseTimeout(flags.timeout ?? defaultTimeout),
  };
  if (!local) return { ...common, scope: { kind: "cluster", pool, keepClasses } };
  if (pool !== undefined || keepClasses) {
    throw new UsageError(
      "--local ends everything of a cluster: it takes no --pool or --keep-classes",
    );
  }
  if (dryRun === "server") {
    throw new UsageError("--dry-run=server needs a cluster: with --local write --dry-run=client");
  }
  // Taken for kubectl's own flag before it gets here; without a cluster that one means nothing.
  const clusterId = globals.cluster;
  if (clusterId !== undefined && !/^[a-z0-9]{6}$/.test(clusterId)) {
    throw new UsageError(
      `invalid argument "${clusterId}" for --cluster: with --local write the six characters after tgp- in the names of the cluster's machines`,
    );
  }
  return { ...common, scope: { kind: "local", clusterId } };
}

function parseDryRun(text: string | undefined): TeardownOptions["dryRun"] {
  switch (text) {
    case undefined:
    case "none":
      return "none";
    case "client":
    case "server":
      return text;
    default:
      throw new UsageError(
        `invalid argument "${text}" for --dry-run: it takes none, client, server`,
      );
  }
}

/** `90s`, `15m`, `1h30m`; 0 is none. */
function parseTimeout(text: string): number {
  if (text === "0") return 0;
  if (!/^(\d+[hms])+$/.test(text)) {
    throw new UsageError(
      `invalid argument "${text}" for --timeout: write a duration such as 15m; 0 is no limit`,
    );
  }
  let totalMs = 0;
  for (const [, amount, unit = ""] of text.matchAll(/(\d+)([hms])/g)) {
    totalMs += Number(amount) * (unitsMs[unit] ?? 0);
  }
  return totalMs;
}
