/**
 * What the rules may know of the rest of the cluster: local copies, nothing that is asked for now.
 *
 * @module
 */

import type { Usage } from "../../../scheduling/budget.ts";
import type { GPUNodeClass } from "../../../schemas/node_class.ts";
import type { GPUNodePool } from "../../../schemas/node_pool.ts";
import type { UsageScope } from "./claim_usage.ts";
import type { KnownOffers } from "./known_offers.ts";

/** Which Secrets the controller may read. */
export interface SecretScope {
  /** The controller's own namespace; the default of a reference without one. */
  readonly namespace: string;
  /** Others that its operator allowed. */
  readonly allowedNamespaces: readonly string[];
}

/** A Secret as far as rules look into it; `unknown` where it cannot be seen. */
export type SecretView = { readonly keys: readonly string[] } | "missing" | "unknown";

/** See the module. */
export interface AdmissionContext {
  readonly scope: SecretScope;
  /** The class of that name, if it is there. */
  readonly nodeClass: (name: string) => GPUNodeClass | undefined;
  readonly pools: () => readonly GPUNodePool[];
  /** What the claims of a pool or of a class have, as far as claims tell: no money that is spent. */
  readonly usage: (of: UsageScope, name: string) => Usage;
  /** What all accounts of a class offer, as last published; nothing when it was never read. */
  readonly offers: (nodeClass: string) => KnownOffers;
  readonly secret: (namespace: string, name: string) => SecretView;
}
