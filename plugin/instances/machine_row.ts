/**
 * A machine at a cloud, for tables and for scripts.
 *
 * @module
 */

import type { Instance } from "../../providers/contract.ts";
import { formatUsd, sumUsd } from "../../schemas/money.ts";
import { type KeyedAccount, nameCloud } from "../accounts/keyed_account.ts";
import { roundAmount } from "../output/amount.ts";
import { formatAge } from "../output/age.ts";
import { countOf } from "../output/count.ts";
import type { Column } from "../output/table.ts";
import { describeOwner, type MachineOwner } from "./machine_owner.ts";

/** See the module. */
export interface MachineRow {
  readonly account: KeyedAccount;
  readonly instance: Instance;
  readonly owner: MachineOwner;
}

/** Orders machines by account, then by name. */
export function compareMachines(left: MachineRow, right: MachineRow): number {
  const [a = "", b = ""] = [left, right].map(({ account, instance }) =>
    `${account.label} ${instance.name ?? ""} ${instance.id}`
  );
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An item of an `InstanceList`: money in decimal strings, times in RFC 3339, `null` where nothing is known. */
export interface MachineItem {
  /** `null` with `--local`. */
  readonly class: string | null;
  readonly account: string;
  readonly provider: string;
  readonly id: string;
  readonly name: string | null;
  readonly owner: {
    readonly kind: MachineOwner["kind"];
    readonly claim: string | null;
    readonly cluster: string | null;
  };
  readonly state: string;
  /** The cloud's own word. */
  readonly nativeState: string;
  readonly instanceType: string;
  readonly location: { readonly native: string | null };
  readonly price: { readonly perInstanceHour: string | null; readonly currency: "USD" };
  readonly providerID: string;
  readonly addresses: readonly string[];
  readonly launchedAt: string | null;
  readonly ageSeconds: number | null;
}

/** Maps a machine. @param now Epoch milliseconds. */
export function toMachineItem({ account, instance, owner }: MachineRow, now: number): MachineItem {
  const { launchedAt, pricePerHour } = instance;
  return {
    class: account.nodeClass ?? null,
    account: account.entry.name,
    provider: nameCloud(account.entry),
    id: instance.id,
    name: instance.name ?? null,
    owner: {
      kind: owner.kind,
      claim: owner.kind === "claim" ? owner.claimName : null,
      cluster: owner.kind === "cluster" ? owner.clusterId : null,
    },
    state: instance.state,
    nativeState: instance.rawState,
    instanceType: instance.instanceType,
    location: { native: instance.region ?? null },
    price: {
      perInstanceHour: pricePerHour === undefined ? null : formatUsd(pricePerHour),
      currency: "USD",
    },
    providerID: instance.providerID,
    addresses: instance.addresses,
    launchedAt: launchedAt === undefined ? null : new Date(launchedAt).toISOString(),
    ageSeconds: launchedAt === undefined
      ? null
      : Math.max(0, Math.floor((now - launchedAt) / 1_000)),
  };
}

/** Columns of a table of machines. @param now Epoch milliseconds. */
export function machineColumns(now: number): readonly Column<MachineRow>[] {
  return [
    { header: "NAME", cell: ({ instance }) => instance.name ?? "<none>" },
    { header: "ACCOUNT", cell: ({ account }) => account.label },
    { header: "ID", dropFirst: true, cell: ({ instance }) => instance.id },
    { header: "STATE", essential: true, cell: ({ instance }) => instance.state },
    { header: "$/H", essential: true, cell: describePrice },
    { header: "OWNER", essential: true, cell: ({ owner }) => describeOwner(owner) },
    {
      header: "AGE",
      cell: ({ instance: { launchedAt } }) =>
        launchedAt === undefined ? "<unknown>" : formatAge(now - launchedAt),
    },
    { header: "TYPE", dropFirst: true, cell: ({ instance }) => instance.instanceType },
    { header: "REGION", dropFirst: true, cell: ({ instance }) => instance.region ?? "<unknown>" },
    {
      header: "ADDRESSES",
      wide: true,
      cell: ({ instance }) => instance.addresses.join(",") || "<none>",
    },
  ];
}

/** `3 machines, 7.47 US dollars per hour`; says so where a price is not known. What is gone does not count. */
export function describeCost(all: readonly Pick<Instance, "pricePerHour" | "state">[]): string {
  const instances = all.filter(({ state }) => state !== "terminated");
  const prices = instances.flatMap(({ pricePerHour }) => pricePerHour ?? []);
  const machines = countOf(instances.length, "machine");
  if (instances.length > 0 && prices.length === 0) return `${machines}, at unknown prices`;
  const sum = `${machines}, ${roundAmount(formatUsd(sumUsd(prices)))} US dollars per hour`;
  const unknown = instances.length - prices.length;
  return unknown === 0 ? sum : `${sum} and ${countOf(unknown, "unknown price")}`;
}

/** `?` is not free. */
function describePrice({ instance: { pricePerHour } }: MachineRow): string {
  return pricePerHour === undefined ? "?" : roundAmount(formatUsd(pricePerHour));
}
