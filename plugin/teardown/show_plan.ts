/**
 * Shows what a teardown will do, and what it needs.
 *
 * @module
 */

import type { Leader } from "../../kube/preflight/judge_leader.ts";
import { describeClaimStep } from "../claims/claim_step.ts";
import { formatAge, formatAgeOf } from "../output/age.ts";
import { roundAmount, sumAmounts } from "../output/amount.ts";
import { countOf } from "../output/count.ts";
import { printTable } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import { PluginError } from "../plugin_error.ts";
import type { Io } from "../io.ts";
import type { EndingClaim } from "./read_cluster.ts";
import type { TeardownPlan } from "./teardown_plan.ts";

/** Prints the claims as a table, and the rest in sentences. @param now Epoch milliseconds. */
export function showPlan(io: Io, plan: TeardownPlan, now: number): void {
  const { claims, poolsToPause, classesToDelete } = plan;
  printTable(io, claimColumns(now), claims, { wide: false, headers: true, hasWide: false });
  if (poolsToPause.length > 0) {
    io.message(
      `Pauses ${describeNames("pool", poolsToPause)}, so that nothing is bought meanwhile.`,
    );
  }
  if (classesToDelete.length > 0) {
    io.message(
      `Deletes ${describeNames("GPUNodeClass", classesToDelete)} in the end (--keep-classes: not).`,
    );
  }
}

/** `3 claims, 7.47 US dollars per hour`. */
export function describeClaims(claims: readonly EndingClaim[]): string {
  const perHour = sumAmounts(claims.map(({ view }) => view?.pricePerHour ?? "0"));
  return `${countOf(claims.length, "claim")}, ${roundAmount(perHour)} US dollars per hour`;
}

/** Nobody ends claims where no controller works: told before anything is changed. @throws {PluginError} */
export function requireLeader(leader: Leader | undefined): void {
  if (leader === undefined || leader.kind === "leads") return;
  throw new PluginError(`no controller works in this cluster: ${describeLeader(leader)}`, {
    remedy: [
      "Claims would not end, and nothing was changed. Start it, or put right what stops it:",
      "    kubectl -n tgp-system get pods",
      "If that cannot be done, end the machines without the cluster, with API keys alone:",
      "    kubectl tgp teardown --local",
    ],
  });
}

/** A controller that does not lead, in words. */
function describeLeader(leader: Exclude<Leader, { readonly kind: "leads" }>): string {
  switch (leader.kind) {
    case "none":
      return "there is no lease of one";
    case "released":
      return "the last one has stopped";
    case "silent":
      return `"${leader.holder}" was last heard of ${formatAge(leader.silentMs)} ago`;
  }
}

function describeNames(noun: string, names: readonly string[]): string {
  const plural = noun.endsWith("s") ? `${noun}es` : `${noun}s`;
  return `${names.length === 1 ? noun : plural} ${names.join(", ")}`;
}

function claimColumns(now: number): readonly Column<EndingClaim>[] {
  return [
    { header: "NAME", cell: ({ metadata }) => metadata.name },
    { header: "GPU", cell: ({ view }) => describeGpu(view) },
    { header: "ACCOUNT", cell: ({ view }) => view?.account ?? "<none>" },
    {
      header: "$/H",
      essential: true,
      cell: ({ view }) =>
        view?.pricePerHour === undefined ? "<none>" : roundAmount(view.pricePerHour),
    },
    { header: "STEP", essential: true, cell: ({ view }) => view ? describeClaimStep(view) : "?" },
    { header: "AGE", cell: ({ metadata }) => formatAgeOf(metadata.creationTimestamp, now) },
  ];
}

function describeGpu(view: EndingClaim["view"]): string {
  return view?.gpuModel === undefined ? "<none>" : `${view.gpuCount ?? "?"}x ${view.gpuModel}`;
}
