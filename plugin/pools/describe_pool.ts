/**
 * `kubectl tgp pools describe`: everything about one pool.
 *
 * @module
 */

import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { type ClaimView, claimViews } from "../claims/claim_view.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { readPublishedOffers } from "../offers/read_published_offers.ts";
import { PluginError } from "../plugin_error.ts";
import type { DescribePoolFlags } from "./flags.ts";
import { type PoolMarket, renderPool } from "./render_pool.ts";
import { rankPoolOffers } from "./pool_offers.ts";
import { readDecisions } from "./read_decisions.ts";

/** What to describe. */
export interface DescribePoolOptions {
  readonly name: string;
}

/** Reads the operand. */
export function parseOptions(_flags: DescribePoolFlags, name: string): DescribePoolOptions {
  return { name };
}

/** Runs the command. */
export async function run(
  { name }: DescribePoolOptions,
  { io, deps, globals }: CommandContext,
): Promise<ExitCode> {
  const namespace = globals.controllerNamespace ?? defaultNamespace;
  const text = await withKube(deps, globals, async (kube) => {
    const pool = await kube.get(nodePools, { name });
    const claims = await listClaims(kube, name);
    const market = await readMarket(kube, pool, namespace);
    const decisions = await readDecisions(kube, namespace, name);
    const now = deps.clock.now();
    return renderPool({ pool, claims, market, decisions, columns: io.columns, now });
  });
  io.out(text);
  return exitCodes.ok;
}

/** The command. */
export function describePool(
  flags: DescribePoolFlags,
  [name]: readonly [string],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags, name), context);
}

async function listClaims(kube: Kube, pool: string): Promise<readonly ClaimView[]> {
  const { items } = await kube.list(claimViews);
  return items.filter((claim) => claim.pool === pool);
}

/** What is on offer; a part that cannot be read is said, and the rest is still shown. */
async function readMarket(
  kube: Kube,
  pool: GPUNodePool,
  namespace: string,
): Promise<PoolMarket> {
  const className = pool.spec.nodeClassRef.name;
  let nodeClass: GPUNodeClass;
  try {
    nodeClass = await kube.get(nodeClasses, { name: className });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { kind: "unknown", why: `the class "${className}" does not exist` };
  }
  try {
    const { offers } = await readPublishedOffers(kube, namespace, className);
    return { kind: "known", ...rankPoolOffers(pool, nodeClass, offers) };
  } catch (error) {
    if (error instanceof PluginError) return { kind: "unknown", why: error.message };
    if (error instanceof KubeError && error.code === 403) {
      return { kind: "unknown", why: `you may not read offers: ${error.message}` };
    }
    throw error;
  }
}
