/**
 * Ids and addresses, as the vendor's look.
 *
 * @module
 */

import type { Random } from "../../../runtime/random.ts";
import { randomWord } from "../../../runtime/random.ts";

/** Documentation addresses only: RFC 5737. */
const publicPrefixes = ["203.0.113.", "198.51.100.", "192.0.2."];

/** Makes ids and addresses that were not there before. */
export class Identities {
  readonly #random: Random;
  #publicCount = 0;
  #privateCount = 0;
  #networkCount = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Such as `psk3v9x1qd7a`. @param length Characters after the prefix. */
  id(prefix: string, length: number): string {
    return prefix + randomWord(this.#random, length);
  }

  /** A UUID, as ids of events are. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.#random.next() * 16).toString(16));
    // Version 4 in its variant.
    hex[12] = "4";
    hex[16] = "a";
    return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** An address on the internet. */
  publicAddress(): string {
    const number = this.#publicCount++;
    return `${publicPrefixes[Math.floor(number / 254) % 3]}${(number % 254) + 1}`;
  }

  /** An address of a machine's own interface. */
  privateAddress(): string {
    const number = this.#privateCount++;
    return `10.64.${Math.floor(number / 254) % 256}.${(number % 254) + 1}`;
  }

  /** A private network of 256 addresses. */
  networkAddress(): string {
    return `10.31.${this.#networkCount++ % 256}.0`;
  }
}
