/**
 * The rules' view of the cluster, made of local copies: what the controllers read anyway, the published
 * offers, and the names of Secrets' keys.
 *
 * @module
 */

import type { InformerDeps } from "../../../kube/informer.ts";
import type { Offer } from "../../../providers/contract.ts";
import type { GPUNodeClass } from "../../../schemas/node_class.ts";
import type { Caches } from "../../caches.ts";
import type { AdmissionContext, SecretScope } from "./admission_context.ts";
import { ClaimUsage } from "./claim_usage.ts";
import { createKnownOffers, type KnownOffers, noKnownOffers } from "./known_offers.ts";
import { createPublishedOffers } from "./published_offers.ts";
import { createSecretKeys } from "./secret_keys.ts";

/** See the module. */
export interface LocalContext {
  readonly context: AdmissionContext;
  /** Keeps the copies that are its own current until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Whether everything that decides has been complete once; Secrets only ever add warnings. */
  hasSynced(): boolean;
}

/** The copies of others that it reads. */
type Sources = Pick<Caches, "classes" | "pools" | "claims">;

/** Creates the context; it knows nothing until it and its sources run. */
export function createLocalContext(
  deps: InformerDeps,
  { classes, pools, claims }: Sources,
  scope: SecretScope,
): LocalContext {
  const published = createPublishedOffers(deps, scope.namespace);
  const secretKeys = createSecretKeys(deps, scope.namespace);
  const known = createOfferMemory();
  const usage = new ClaimUsage();
  claims.onChange((change) => usage.apply(change));
  return {
    context: {
      scope,
      nodeClass: (name) => classes.get(name),
      pools: () => pools.list(),
      usage: (of, name) => usage.of(of, name),
      offers(name) {
        const nodeClass = classes.get(name);
        return nodeClass ? known.of(nodeClass, published.ofClass(name)) : noKnownOffers;
      },
      secret: (namespace, name) =>
        namespace === scope.namespace ? secretKeys.view(name) : "unknown",
    },
    async run(signal) {
      await Promise.all([published.run(signal), secretKeys.run(signal)]);
    },
    hasSynced: () =>
      [classes, pools, claims].every((cache) => cache.hasSynced()) && published.hasSynced(),
  };
}

/** Prepared offers of a class as it is now, for as long as its offers do not change. */
function createOfferMemory() {
  const memory = new WeakMap<GPUNodeClass, {
    readonly offers: readonly Offer[];
    readonly known: KnownOffers;
  }>();
  return {
    of(nodeClass: GPUNodeClass, offers: readonly Offer[]): KnownOffers {
      const last = memory.get(nodeClass);
      if (last?.offers === offers) return last.known;
      // What an account offered that the class no longer lists is left behind.
      const listed = new Set(nodeClass.spec.providers.map((entry) => entry.name));
      const known = createKnownOffers(offers.filter(({ account }) => listed.has(account)));
      memory.set(nodeClass, { offers, known });
      return known;
    },
  };
}
