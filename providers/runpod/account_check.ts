/**
 * What RunPod tells about an account before money hangs on it.
 *
 * @module
 */

import { displayUsd, usdFromDollars } from "../../schemas/money.ts";
import type { AccountCheck } from "../contract.ts";

/** An account's money, in USD. */
export interface RunpodBalance {
  readonly clientBalance?: number | null | undefined;
  readonly currentSpendPerHr?: number | undefined;
  /** Per hour. */
  readonly spendLimit?: number | undefined;
  readonly underBalance: boolean;
}

/** A balance that does not last so many hours is worth a word. */
const lowHours = 24;

/** How much of the hourly limit may be used before it is worth a word. */
const highShare = 0.8;

/**
 * Whether an account can pay. RunPod wants about an hour of a pod's price in the balance, and stops pods
 * when it is empty; new accounts may spend 80 USD an hour.
 */
export function checkBalance(
  { clientBalance, currentSpendPerHr = 0, spendLimit, underBalance }: RunpodBalance,
): AccountCheck {
  if (clientBalance === undefined || clientBalance === null) {
    return { what: "billing", state: "unknown", message: "RunPod does not show the balance" };
  }
  const usd = (amount: number) => displayUsd(usdFromDollars(amount));
  const limit = spendLimit === undefined ? "" : ` of at most ${usd(spendLimit)}`;
  const facts = `balance ${usd(clientBalance)}, spending ${usd(currentSpendPerHr)}${limit} an hour`;
  const judge = (state: AccountCheck["state"], remedy: string): AccountCheck => ({
    what: "billing",
    state,
    message: remedy === "" ? facts : `${facts}: ${remedy}`,
  });
  if (underBalance || clientBalance <= 0) {
    return judge("fail", "add funds, or nothing can be rented");
  }
  if (spendLimit !== undefined && currentSpendPerHr >= spendLimit) {
    return judge("fail", "ask RunPod's support for a higher limit, or end machines");
  }
  if (clientBalance < currentSpendPerHr * lowHours) {
    return judge("warn", `add funds, it lasts less than ${lowHours} hours`);
  }
  if (spendLimit !== undefined && currentSpendPerHr >= spendLimit * highShare) {
    return judge("warn", "ask RunPod's support for a higher limit");
  }
  return judge("ok", "");
}
