/**
 * Private networks of a team, and the default network that is no private one.
 *
 * @module
 */

import type { SimRegion } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { Identities } from "./identity.ts";

/** A private network. */
export interface PrivateNetwork {
  readonly id: string;
  name: string;
  readonly region: SimRegion;
  /** First address; the mask is always that of 256 addresses. */
  readonly network: string;
  readonly createdAt: number;
}

/** The networks of a team. */
export class PrivateNetworks {
  readonly #identities: Identities;
  readonly #networks = new Map<string, PrivateNetwork>();
  /** The shared network that machines say they are on, and that no request knows. */
  readonly defaultId: string;

  constructor(identities: Identities) {
    this.#identities = identities;
    this.defaultId = identities.id("n", 6);
  }

  /** Makes a network. */
  create(name: string, region: SimRegion, now: number): PrivateNetwork {
    const network: PrivateNetwork = {
      id: this.#identities.id("n", 7),
      name,
      region,
      network: this.#identities.networkAddress(),
      createdAt: now,
    };
    this.#networks.set(network.id, network);
    return network;
  }

  /** A network; `undefined` for an unknown one and for the default one. */
  peek(id: string): PrivateNetwork | undefined {
    return this.#networks.get(id);
  }

  /** A network. @throws {Refusal} 404, for the default one, too. */
  find(id: string): PrivateNetwork {
    const network = this.peek(id);
    if (network === undefined) throw new Refusal("NOT_FOUND", "Private network not found");
    return network;
  }

  /** Deletes a network. @throws {Refusal} 404, or 409 while a machine is attached. */
  delete(id: string, attached: number): PrivateNetwork {
    const network = this.find(id);
    if (attached > 0) {
      throw new Refusal("CONFLICT", "This network has machines attached to it.");
    }
    this.#networks.delete(id);
    return network;
  }

  /** Every network. */
  list(): PrivateNetwork[] {
    return [...this.#networks.values()];
  }
}
