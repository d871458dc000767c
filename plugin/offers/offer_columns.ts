/**
 * Offers as a table.
 *
 * @module
 */

import type { Offer } from "../../providers/contract.ts";
import { formatUsd, type MicroUsd } from "../../schemas/money.ts";
import { formatQuantity, type Quantity } from "../../schemas/quantity.ts";
import { formatAge } from "../output/age.ts";
import { roundAmount } from "../output/amount.ts";
import type { Column } from "../output/table.ts";

/** How to show offers. */
export interface OfferTable {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly wide: boolean;
  /** What {@linkcode collectNotes} found in them. */
  readonly notes: readonly string[];
}

/** Why offers could not join, each reason once: they are often the same for hundreds of offers. */
export function collectNotes(offers: readonly Offer[]): readonly string[] {
  return [...new Set(offers.flatMap(({ notJoinable }) => notJoinable ?? []))];
}

/** What the marks in a table mean; wide has the words in the table itself. */
export function explainMarks(
  offers: readonly Offer[],
  { wide, notes }: OfferTable,
): readonly string[] {
  if (wide) return [];
  const doubted = offers.some(({ price }) => price.suspect !== undefined);
  return [
    ...notes.map((note, index) => `[${index + 1}] could not join the cluster: ${note}`),
    ...(doubted ? ["? the price is not believed, so it is not bought; why: -o wide"] : []),
  ];
}

/** The columns. */
export function offerColumns({ now, wide, notes }: OfferTable): readonly Column<Offer>[] {
  const mark: readonly Column<Offer>[] = notes.length === 0 || wide ? [] : [{
    header: "NOTE",
    essential: true,
    cell: ({ notJoinable }) =>
      notJoinable === undefined ? "" : `[${notes.indexOf(notJoinable) + 1}]`,
  }];
  return [
    // What tells rows apart for people is GPU, cloud and region.
    { header: "ID", dropFirst: true, cell: ({ id }) => id },
    { header: "GPU", cell: ({ gpu }) => gpu?.model ?? "<none>" },
    { header: "QTY", cell: ({ gpu }) => String(gpu?.count ?? 0) },
    { header: "PROVIDER", cell: ({ provider }) => provider },
    { header: "REGION", cell: ({ location }) => location.region ?? "?" },
    { header: "CAPACITY", dropFirst: true, cell: ({ capacityType }) => capacityType },
    {
      header: "$/GPU-H",
      essential: true,
      cell: ({ gpu, price }) => gpu ? round(price.perGpuHour) : "<none>",
    },
    {
      header: "$/H",
      essential: true,
      cell: ({ price }) => round(price.perHour) + (price.suspect ? " ?" : ""),
    },
    { header: "STOCK", essential: true, cell: ({ available }) => available ? "yes" : "none" },
    ...mark,
    { header: "SEEN", dropFirst: true, cell: ({ price }) => formatAge(now - price.readAt) },
    { header: "VRAM", wide: true, cell: ({ gpu }) => gpu ? `${gpu.memoryGb}GB` : "<none>" },
    { header: "TYPE", wide: true, cell: ({ instanceType }) => instanceType },
    { header: "CPU", wide: true, cell: ({ capacity }) => amount(capacity["cpu"]) },
    { header: "MEMORY", wide: true, cell: ({ capacity }) => amount(capacity["memory"]) },
    { header: "DISK", wide: true, cell: ({ capacity }) => amount(capacity["ephemeral-storage"]) },
    { header: "ACCOUNT", wide: true, cell: ({ account }) => account },
    { header: "COUNTRY", wide: true, cell: ({ location }) => location.country ?? "?" },
    {
      header: "NOTE",
      wide: true,
      cell: ({ price, notJoinable }) =>
        [notJoinable, price.suspect].filter((note) => note !== undefined).join("; "),
    },
  ];
}

function round(price: MicroUsd): string {
  return roundAmount(formatUsd(price));
}

function amount(quantity: Quantity | undefined): string {
  return quantity === undefined ? "?" : formatQuantity(quantity);
}
