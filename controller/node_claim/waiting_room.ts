/**
 * Keeps a slow account's launch queue from occupying everybody who works on claims: few wait in it, the
 * others come back.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";

/**
 * Claims that wait for one account at a time. Enough never to leave a place in the queue unused: the
 * others ask again well before so many places were given out.
 */
const seats = 4;

/** See the module. */
export interface WaitingRoom {
  /** @returns How to leave; `undefined` when the room is full. */
  enter(account: Account): (() => void) | undefined;
}

/** Creates rooms for all accounts. */
export function createWaitingRoom(): WaitingRoom {
  const taken = new WeakMap<Account, number>();
  return {
    enter(account) {
      const before = taken.get(account) ?? 0;
      if (before >= seats) return undefined;
      taken.set(account, before + 1);
      let inside = true;
      return () => {
        if (inside) taken.set(account, (taken.get(account) ?? 1) - 1);
        inside = false;
      };
    },
  };
}
