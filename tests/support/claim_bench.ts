/**
 * One claim's life on a bench: a cluster, scripted accounts, and the claim reconciler, pass by pass.
 *
 * @module
 */

import { Accounts } from "../../controller/accounts/accounts.ts";
import { type Account, recordList } from "../../controller/accounts/account.ts";
import { createLedger, type Ledger } from "../../controller/ledger.ts";
import { createNeed, type Need } from "../../controller/need.ts";
import type { NodeClaimDeps } from "../../controller/node_claim/deps.ts";
import { NodeClaimReconciler } from "../../controller/node_claim/node_claim.ts";
import { Termination } from "../../controller/termination/termination.ts";
import type { ReconcileOutcome } from "../../kube/reconcile.ts";
import type { Instance, Offer } from "../../providers/contract.ts";
import { isProvisionable } from "../../scheduling/pod_kinds.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../schemas/node_claim.ts";
import type { GPUNodeClass, ProviderEntry } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";
import { buildClaim, buildClass, buildOffer, buildPod, buildPool } from "./controller_builders.ts";
import { ControllerWorld, never, testNamespace } from "./controller_world.ts";
import { buildEntry, ScriptedProvider } from "./scripted_provider.ts";

/** The name of the claim on the bench. */
export const claimName = "tgp-abc123-gpu-aaaaaa";

/** What differs from the ordinary: one account `lambda` with one offer, pool `gpu`, one pending pod. */
export interface BenchOptions {
  readonly claim?: GPUNodeClaim | undefined;
  readonly entries?: readonly ProviderEntry[] | undefined;
  readonly offers?: readonly Offer[] | undefined;
  readonly nodeClass?: Partial<GPUNodeClass["spec"]> | undefined;
  readonly pool?: Partial<GPUNodePool["spec"]> | undefined;
}

/** See the module. */
export class ClaimBench implements Disposable {
  readonly world: ControllerWorld;
  readonly accounts: Accounts;
  readonly providers = new Map<string, ScriptedProvider>();
  readonly need: Need;
  readonly ledger: Ledger;
  /** Whether the process holds the lease. */
  leads = true;
  /** What was done about the claim's token, in order: `prepare` with its expiry, `revoke`. */
  readonly tokens: string[] = [];
  readonly saved: string[] = [];
  readonly deps: NodeClaimDeps;
  readonly reconciler: NodeClaimReconciler;

  private constructor(world: ControllerWorld) {
    this.world = world;
    this.accounts = new Accounts({
      clock: world.clock,
      metrics: world.metrics,
      createProvider: ({ entry }) => this.provider(entry.name),
      createPoller: () => ({ run: () => Promise.resolve(), poke: () => {} }),
      loadStock: () => Promise.resolve(new Map()),
      loadOffers: () => Promise.resolve([]),
      onTried: () => {},
    });
    this.need = createNeed(world.pods, isProvisionable);
    this.ledger = createLedger(world.kube, testNamespace);
    const { clock, kube, log, metrics, random, recorder } = world;
    const shared = { clock, kube, log, metrics, random, recorder, accounts: this.accounts };
    this.deps = {
      ...shared,
      claims: world.claims,
      classes: world.classes,
      pools: world.pools,
      nodes: world.nodes,
      need: this.need,
      ledger: this.ledger,
      holdsLease: () => this.leads,
      apiServerVersion: "v1.36.1",
      saveStock: (_className, account) => void this.saved.push(account),
      bootstrap: {
        prepare: (_claim, _nodeClass, { expiresAt, format, maxBytes }) => {
          this.tokens.push(`prepare until +${(expiresAt - clock.now()) / 60_000}m`);
          const userData = format === "cloud-config"
            ? "#cloud-config"
            : `#!/bin/bash # ${maxBytes}`;
          return Promise.resolve({ userData });
        },
        revoke: () => {
          this.tokens.push("revoke");
          return Promise.resolve();
        },
      },
    };
    const termination = new Termination({
      ...shared,
      nodes: world.nodes,
      ledger: this.ledger,
      revokeToken: (claim, signal) => this.deps.bootstrap.revoke(claim, signal),
    });
    this.reconciler = new NodeClaimReconciler(this.deps, termination);
  }

  /** A bench whose claim has its finalizer and whose pod waits. */
  static async create(options: BenchOptions = {}): Promise<ClaimBench> {
    const bench = new ClaimBench(await ControllerWorld.create());
    const { world } = bench;
    const entries = options.entries ?? [buildEntry()];
    const spec = { ...buildClass().spec, providers: [...entries], ...options.nodeClass };
    await world.putClass(buildClass({ spec }));
    if (options.pool) await world.putPool(buildPool({ spec: { ...options.pool } }));
    else await world.putPool(buildPool());
    const pod = await world.putPod(buildPod());
    await world.putClaim(
      options.claim ?? buildClaim({}, { metadata: { finalizers: ["tgp.io/termination"] } }),
    );
    for (const entry of entries) await bench.open(entry);
    const account = bench.account(entries[0]?.name);
    account.snapshot = { offers: options.offers ?? [buildOffer()], readAt: world.clock.now() };
    bench.need.assign(
      new Map([[claimName, [{ namespace: "default", name: "pod", uid: pod.metadata.uid ?? "" }]]]),
    );
    await world.sync();
    return bench;
  }

  /** A bench whose claim is as given, with its finalizer. */
  static with(status: NodeClaimStatus, options: BenchOptions = {}): Promise<ClaimBench> {
    const metadata = { finalizers: ["tgp.io/termination"] };
    return ClaimBench.create({ claim: buildClaim(status, { metadata }), ...options });
  }

  provider(name = "lambda"): ScriptedProvider {
    const provider = this.providers.get(name) ?? new ScriptedProvider(name);
    this.providers.set(name, provider);
    return provider;
  }

  account(name = "lambda"): Account {
    const account = this.accounts.get("default", name);
    if (!account) throw new Error(`No account "${name}"`);
    return account;
  }

  /** Makes an entry's account usable. */
  async open(entry: ProviderEntry): Promise<Account> {
    await this.accounts.ensure({
      className: "default",
      entry,
      apiKey: "key",
      knownInstanceIds: [],
      openOrders: [],
      lastFingerprint: undefined,
      lastIdentity: undefined,
    });
    const account = this.account(entry.name);
    account.verified = true;
    account.snapshot ??= { offers: [], readAt: this.world.clock.now() };
    return account;
  }

  /** A complete list of the account's machines, asked for now. */
  list(...instances: readonly Instance[]): void {
    recordList(this.account(), { startedAt: this.world.clock.now(), instances });
  }

  /** One pass over the claim, with caches that are current before and after. */
  async pass(signal: AbortSignal = never): Promise<ReconcileOutcome> {
    await this.world.sync();
    const outcome = await this.reconciler.reconcile(claimName, signal);
    await this.world.sync();
    return outcome;
  }

  /** The claim as the cache shows it; `undefined` once it is gone. */
  get claim(): GPUNodeClaim | undefined {
    return this.world.claims.get(claimName);
  }

  get status(): NodeClaimStatus {
    return this.claim?.status ?? {};
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }
}
