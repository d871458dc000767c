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

/** The columns. @param now Epoch milliseconds. */
export function offerColumns(now: number): readonly Column<Offer>[] {
  return [
    { header: "ID", cell: ({ id }) => id },
    { header: "GPU", cell: ({ gpu }) => gpu?.model ?? "<none>" },
    { header: "QTY", cell: ({ gpu }) => String(gpu?.count ?? 0) },
    { header: "PROVIDER", cell: ({ provider }) => provider },
    { header: "REGION", cell: ({ location }) => location.region ?? "?" },
    { header: "CAPACITY", cell: ({ capacityType }) => capacityType },
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
    { header: "SEEN", cell: ({ price }) => formatAge(now - price.readAt) },
    { header: "VRAM", wide: true, cell: ({ gpu }) => gpu ? `${gpu.memoryGb}GB` : "<none>" },
    { header: "TYPE", wide: true, cell: ({ instanceType }) => instanceType },
    { header: "CPU", wide: true, cell: ({ capacity }) => amount(capacity["cpu"]) },
    { header: "MEMORY", wide: true, cell: ({ capacity }) => amount(capacity["memory"]) },
    { header: "DISK", wide: true, cell: ({ capacity }) => amount(capacity["ephemeral-storage"]) },
    { header: "ACCOUNT", wide: true, cell: ({ account }) => account },
    { header: "COUNTRY", wide: true, cell: ({ location }) => location.country ?? "?" },
    { header: "NOTE", wide: true, cell: ({ price }) => price.suspect ?? "" },
  ];
}

function round(price: MicroUsd): string {
  return roundAmount(formatUsd(price));
}

function amount(quantity: Quantity | undefined): string {
  return quantity === undefined ? "?" : formatQuantity(quantity);
}
