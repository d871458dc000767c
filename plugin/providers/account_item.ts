/**
 * An account for scripts.
 *
 * @module
 */

import type { AccountView, BreakerView } from "./class_view.ts";

/** An item of a `ProviderList`: money in decimal strings, times in RFC 3339, `null` where nothing is known. */
export interface AccountItem {
  readonly class: string;
  readonly account: string;
  readonly provider: string;
  readonly enabled: boolean;
  readonly priority: number;
  /** Whether machines can be bought from it now. */
  readonly available: boolean | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly offers: { readonly total: number | null; readonly available: number | null };
  readonly cheapest: { readonly perInstanceHour: string | null; readonly currency: "USD" };
  readonly breakers: readonly BreakerView[];
  readonly credentialFingerprint: string | null;
  /** The cloud's own identity of the account, where it has one. */
  readonly identity: string | null;
  readonly createdAt: string | null;
  readonly checkedAt: string | null;
}

/** Maps an account. */
export function toAccountItem({ status, ...account }: AccountView): AccountItem {
  return {
    class: account.nodeClass,
    account: account.name,
    provider: account.provider,
    enabled: account.enabled,
    priority: account.priority,
    available: status?.available ?? null,
    reason: status?.reason ?? null,
    message: status?.message ?? null,
    offers: { total: status?.offers ?? null, available: status?.availableOffers ?? null },
    cheapest: { perInstanceHour: status?.cheapestPerHour ?? null, currency: "USD" },
    breakers: status?.breakers ?? [],
    credentialFingerprint: status?.credentialFingerprint ?? null,
    identity: status?.identity ?? null,
    createdAt: account.createdAt ?? null,
    checkedAt: account.checkedAt ?? null,
  };
}
