/**
 * Ends everything that this cluster has rented, with the controller's help.
 *
 * ```text
 *                                                   ┌── a claim has appeared ──┐
 * look ─► ask ─► pause pools ─► delete claims ─► wait ◄─ ─► ask the vendors ─────┴─► delete classes ─► safe
 *                    └─ Ctrl-C: resume ─┘ └─ Ctrl-C: stay paused, the controller goes on ─┘
 * ```
 *
 * **Guarantees**: the exit status is `ok` only if no claim is left and every account that could have a machine
 * was looked at and has none; buying is paused before the first claim goes, and resumed only if none went.
 *
 * @module
 */

import { readClusterId } from "../../kube/cluster_id.ts";
import type { Kube } from "../../kube/kube.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import { findClassAccounts } from "../accounts/find_class_accounts.ts";
import type { KeyedAccount } from "../accounts/keyed_account.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { countOf } from "../output/count.ts";
import { PluginError } from "../plugin_error.ts";
import { classViews } from "../providers/class_view.ts";
import { askAgreement } from "./agreement.ts";
import { type AccountsCheck, checkAccounts } from "./check_accounts.ts";
import { concludeEndings } from "./conclude.ts";
import { deleteClasses } from "./delete_classes.ts";
import { ClaimWait, deleteClaims } from "./end_claims.ts";
import { cutOff, explainRefusal, explainStop, explainUnseen } from "./explain_outcome.ts";
import type { TeardownOptions } from "./options.ts";
import { pausePools, resumePools, toResumeCommands } from "./pause_pools.ts";
import { readClaims, readLeader, readWorld } from "./read_cluster.ts";
import { describeClaims, requireLeader, showPlan } from "./show_plan.ts";
import {
  planTeardown,
  selectClaims,
  type TeardownPlan,
  type TeardownScope,
} from "./teardown_plan.ts";
import { untilDeadline } from "./until_deadline.ts";

type ClusterOptions = Omit<TeardownOptions, "scope"> & TeardownScope;

/** Everything that the steps share. */
interface Teardown {
  readonly kube: Kube;
  readonly context: CommandContext;
  readonly options: ClusterOptions;
  readonly namespace: string;
  readonly plan: TeardownPlan;
  /** Read before anything goes: with the classes go the references to keys. */
  readonly accounts: readonly KeyedAccount[];
  readonly clusterId: string;
}

/** Runs the command with a cluster. */
export async function tearDownCluster(
  options: ClusterOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { deps, globals } = context;
  try {
    return await withKube(deps, globals, (kube) => tearDown(kube, options, context));
  } catch (error) {
    throw explainRefusal(error);
  }
}

async function tearDown(
  kube: Kube,
  options: ClusterOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const namespace = globals.controllerNamespace ?? defaultNamespace;
  const world = await readWorld(kube, deps.clock, namespace);
  const plan = planTeardown(world, options);
  requirePool(options.pool, world.pools.map(({ metadata }) => metadata.name), plan);
  const accounts = await findClassAccounts(kube, namespace);
  const clusterId = await readClusterId(kube);
  const teardown = { kube, context, options, namespace, plan, accounts, clusterId };
  showPlan(io, plan, deps.clock.now());
  if (options.dryRun !== "none") return await rehearse(teardown);
  if (plan.claims.length > 0 || plan.classesToDelete.length > 0) requireLeader(world.leader);
  const subject = options.pool === undefined
    ? "everything of this cluster"
    : `everything of pool "${options.pool}"`;
  const question = `End ${subject}: ${describeClaims(plan.claims)}?`;
  if (!askAgreement(io, question, options.yes)) return exitCodes.no;
  return await deps.untilInterrupted((signal) =>
    untilDeadline(deps.clock, options.timeoutMs, signal, (limited) => carryOut(teardown, limited))
  );
}

async function carryOut(teardown: Teardown, signal: AbortSignal): Promise<ExitCode> {
  const { kube, context: { io, deps }, options, plan, namespace } = teardown;
  const paused: string[] = [];
  try {
    await pausePools(kube, plan.poolsToPause, {
      signal,
      dryRun: false,
      onPaused: (name) => paused.push(name),
    });
    signal.throwIfAborted();
  } catch (error) {
    await resume(teardown, paused);
    if (signal.aborted) return cutOff(signal);
    throw error;
  }
  const wait = new ClaimWait({
    kube,
    clock: deps.clock,
    report: (line) => io.message(line),
    readClaims: async () => selectClaims(await readClaims(kube), options),
    readLeader: () => readLeader(kube, deps.clock, namespace),
  }, plan.claims);
  let deleted = 0;
  let check: AccountsCheck;
  try {
    await deleteClaims(kube, plan.claims, { signal, onDeleted: () => deleted++ });
    check = await endEverything(teardown, wait, signal);
  } catch (error) {
    // Nobody's machine goes: then buying goes on, too.
    if (deleted === 0 && !signal.aborted) {
      await resume(teardown, paused);
      throw error;
    }
    explainStop(io, { paused, left: wait.left.length }, signal);
    if (signal.aborted) return cutOff(signal);
    throw error;
  }
  return await finish(teardown, { paused, endedNames: wait.names, check }, signal);
}

/**
 * Waits until no claim is left, and asks the vendors: again if there was another claim meanwhile, ordered by
 * a pass that was under way when the pools were paused, or written by hand.
 */
async function endEverything(
  { kube, context: { io, deps }, options, accounts, clusterId }: Teardown,
  wait: ClaimWait,
  signal: AbortSignal,
): Promise<AccountsCheck> {
  while (true) {
    await wait.run(signal);
    const known = wait.names.size;
    const check = await checkAccounts(
      {
        deps,
        report: (line) => io.message(line),
        clusterId,
        readClaimNames: async () =>
          new Set((await readClaims(kube)).map(({ metadata }) => metadata.name)),
        endedNames: options.pool === undefined ? undefined : wait.names,
      },
      accounts,
      signal,
    );
    if (signal.aborted) return check;
    await wait.run(signal);
    if (wait.names.size === known) return check;
  }
}

/** What was done so far. */
interface Ended {
  /** Pools. */
  readonly paused: readonly string[];
  /** Names of claims that are gone. */
  readonly endedNames: ReadonlySet<string>;
  /** What the vendors say. */
  readonly check: AccountsCheck;
}

/** The claims are gone: was that all? */
async function finish(
  { kube, context: { io, deps }, options, plan }: Teardown,
  { paused, endedNames, check: { results, unseen } }: Ended,
  signal: AbortSignal,
): Promise<ExitCode> {
  const code = concludeEndings(io, results, signal.reason);
  if (code !== exitCodes.ok) {
    explainStop(io, { paused, left: 0 }, signal);
    return code;
  }
  if (unseen.length > 0) {
    explainUnseen(io, unseen, plan.classesToDelete);
    return exitCodes.partial;
  }
  await deleteClasses({ kube, io, clock: deps.clock }, plan.classesToDelete, signal);
  if (signal.aborted) return cutOff(signal);
  const where = results.map(({ label }) => label).join(", ");
  const seen = where === "" ? "" : `, and nothing of it is left in ${where}`;
  io.out(`${countOf(endedNames.size, "claim")} ended${seen}.\n`);
  if (options.pool !== undefined) {
    io.out(`Pool "${options.pool}" stays paused. To let it buy again:\n`);
    for (const command of toResumeCommands([options.pool])) io.out(`  ${command}\n`);
  } else if (options.keepClasses) {
    io.out("Nothing costs money any more. Pools stay paused, and GPUNodeClasses are kept.\n");
  } else {
    io.out(
      "It is safe to remove TGP: kubectl delete -k manifests/ --ignore-not-found (or helm uninstall)\n",
    );
  }
  return exitCodes.ok;
}

/** Without changing anything; `server` has it checked by the API server. */
async function rehearse({ kube, options, plan, context: { io } }: Teardown): Promise<ExitCode> {
  if (options.dryRun === "server") {
    const dryRun = true;
    const { signal } = new AbortController();
    await pausePools(kube, plan.poolsToPause, { signal, dryRun, onPaused: () => {} });
    await deleteClaims(kube, plan.claims, { dryRun });
    for (const name of plan.classesToDelete) await kube.delete(classViews, { name }, { dryRun });
  }
  io.message(`Would end ${describeClaims(plan.claims)}.`);
  io.message(`Nothing was changed (${options.dryRun} dry run).`);
  return exitCodes.ok;
}

async function resume(
  { kube, context: { io } }: Teardown,
  paused: readonly string[],
): Promise<void> {
  if (paused.length === 0) return io.message("Nothing was changed.");
  const failed = await resumePools(kube, paused);
  const resumed = paused.filter((name) => !failed.includes(name));
  if (resumed.length > 0) {
    io.message(`No claim was deleted; ${resumed.join(", ")} may buy again, as before.`);
  }
  for (const command of toResumeCommands(failed)) io.message(`Still paused: ${command}`);
}

/** A pool that is gone may have left claims. */
function requirePool(
  pool: string | undefined,
  pools: readonly string[],
  plan: TeardownPlan,
): void {
  if (pool === undefined || pools.includes(pool) || plan.claims.length > 0) return;
  throw new PluginError(`there is no pool "${pool}", and no claim of one`, {
    remedy: [pools.length === 0 ? "There is no pool at all." : `There are ${pools.join(", ")}`],
  });
}
