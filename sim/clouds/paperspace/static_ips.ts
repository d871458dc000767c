/**
 * Static public addresses: the team's until released, whatever becomes of the machine.
 *
 * @module
 */

import type { SimRegion } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { Identities } from "./identity.ts";

/** A static address. */
export interface StaticIp {
  readonly ip: string;
  readonly region: SimRegion;
  readonly createdAt: number;
  /** Machine it leads to; may be gone meanwhile. */
  machineId: string | undefined;
  /** When it was given back: until then it bills. */
  releasedAt: number | undefined;
}

/** The static addresses of a team. */
export class StaticIps {
  readonly #identities: Identities;
  readonly #ips: StaticIp[] = [];

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  /** Rents an address. */
  claim(region: SimRegion, machineId: string | undefined, now: number): StaticIp {
    const ip: StaticIp = {
      ip: this.#identities.publicAddress(),
      region,
      createdAt: now,
      machineId,
      releasedAt: undefined,
    };
    this.#ips.push(ip);
    return ip;
  }

  /** An address that is the team's. @throws {Refusal} 404. */
  find(address: string): StaticIp {
    const ip = this.list().find((candidate) => candidate.ip === address);
    if (ip === undefined) throw new Refusal("NOT_FOUND", "Public IP not found");
    return ip;
  }

  /** The address that leads to a machine. */
  of(machineId: string): StaticIp | undefined {
    return this.list().find((ip) => ip.machineId === machineId);
  }

  /** Gives an address back, assigned or not. @throws {Refusal} 404. */
  release(address: string, now: number): StaticIp {
    const ip = this.find(address);
    ip.machineId = undefined;
    ip.releasedAt = now;
    return ip;
  }

  /** Every address that is the team's now. */
  list(): StaticIp[] {
    return this.#ips.filter(({ releasedAt }) => releasedAt === undefined);
  }

  /** Every address there ever was. */
  all(): readonly StaticIp[] {
    return this.#ips;
  }
}
