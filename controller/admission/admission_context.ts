/**
 * What the rules may know of the rest of the cluster: local copies, nothing that is asked for now.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { GPUNodeClass } from "../../schemas/node_class.ts";
import type { GPUNodePool } from "../../schemas/node_pool.ts";

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
  readonly claims: () => readonly GPUNodeClaim[];
  /** Offers of a class as last published, of all its accounts; empty when nothing was read yet. */
  readonly offers: (nodeClass: string) => readonly Offer[];
  readonly secret: (namespace: string, name: string) => SecretView;
}
