/**
 * The ledger: one line per ended claim, written before its finalizer goes, so that no spending is
 * forgotten. ConfigMaps per UTC day, one key per claim UID: writing twice changes nothing.
 *
 * @module
 */

import { z } from "zod";
import { isAlreadyExists, type Kube } from "../kube/kube.ts";
import { configMaps } from "../kube/resource.ts";
import type { MeteredTime } from "../scheduling/price.ts";
import { parseTime } from "../schemas/conditions.ts";
import { durationSchema } from "../schemas/duration.ts";
import { usdSchema } from "../schemas/money.ts";

const timeSchema = z.iso.datetime({ offset: true });

/** One line: what a claim's machine was and what it cost. */
export const ledgerLineSchema = z.object({
  claim: z.string(),
  uid: z.string(),
  nodePool: z.string().optional(),
  nodeClass: z.string(),
  provider: z.string(),
  account: z.string(),
  instanceID: z.string(),
  instanceType: z.string(),
  region: z.string(),
  gpuModel: z.string().optional(),
  gpuCount: z.int(),
  prices: z.array(z.object({ from: timeSchema, perHour: usdSchema })),
  until: timeSchema,
  billingIncrement: durationSchema,
  cost: usdSchema,
  reason: z.string(),
  /** Whether the machine got as far as serving pods; `Cancelled` if nobody waited for that, or the vendor had no machine after all. */
  boot: z.enum(["Completed", "Failed", "Cancelled"]),
});

/** One line: what a claim's machine was and what it cost. */
export type LedgerLine = z.infer<typeof ledgerLineSchema>;

/** The billed time of a line. */
export function meteredTimeOfLine(line: LedgerLine): MeteredTime {
  return {
    prices: line.prices.map(({ from, perHour }) => ({ fromMs: parseTime(from), perHour })),
    endMs: parseTime(line.until),
    billingIncrementMs: line.billingIncrement,
  };
}

/**
 * The ConfigMap that holds the lines of a day, or a further part of them.
 *
 * @param part 1 for the first.
 */
export function ledgerName(epochMs: number, part = 1): string {
  const name = `tgp-ledger-${new Date(epochMs).toISOString().slice(0, 10)}`;
  return part === 1 ? name : `${name}.${part}`;
}

/**
 * Lines per ConfigMap. A line takes about 600 bytes and 2.5 KB at most, so that a part stays below the
 * 1 MiB that Kubernetes allows: a ledger that cannot be written would hold every ended claim.
 */
const linesPerPart = 400;

/** Days kept in memory: today, and yesterday for claims that end across midnight. */
const keptDays = 2;

/** Where lines are kept. */
export interface Ledger {
  /** Writes a line; safe to repeat. @throws When it could not be written: keep the finalizer. */
  write(line: LedgerLine, signal?: AbortSignal): Promise<void>;
  /** Lines of machines that ended on the UTC day of `epochMs`, as far as this process has read them. */
  linesOf(epochMs: number): readonly LedgerLine[];
  /** Reads the day's lines again; done at start and when the day changes. */
  load(epochMs: number, signal?: AbortSignal): Promise<void>;
}

/** A line and the part of its day's ledger that it is in. */
interface Entry {
  readonly line: LedgerLine;
  readonly part: number;
}

/** Creates the ledger in a namespace. */
export function createLedger(kube: Kube, namespace: string): Ledger {
  const days = new Map<string, Map<string, Entry>>();
  const entriesOf = (epochMs: number) => days.get(ledgerName(epochMs));

  function remember(epochMs: number, entry: Entry): void {
    const day = ledgerName(epochMs);
    const entries = days.get(day) ?? new Map<string, Entry>();
    entries.set(entry.line.uid, entry);
    days.set(day, entries);
    const [oldest] = [...days.keys()].sort();
    if (days.size > keptDays && oldest !== undefined) days.delete(oldest);
  }

  async function readPart(
    epochMs: number,
    part: number,
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    const fieldSelector = `metadata.name=${ledgerName(epochMs, part)}`;
    const { items } = await kube.list(configMaps, { namespace, fieldSelector, signal });
    return items[0] && (items[0].data ?? {});
  }

  return {
    async write(line, signal) {
      const epochMs = Date.parse(line.until);
      const entries = entriesOf(epochMs);
      // A repeated line stays where it is.
      const part = entries?.get(line.uid)?.part ??
        Math.floor((entries?.size ?? 0) / linesPerPart) + 1;
      const name = ledgerName(epochMs, part);
      const data = { [line.uid]: JSON.stringify(z.encode(ledgerLineSchema, line)) };
      const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
      try {
        await kube.create(configMaps, object, { signal });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
        await kube.patch(configMaps, { name, namespace }, { data }, { signal });
      }
      remember(epochMs, { line, part });
    },
    linesOf: (epochMs) => [...(entriesOf(epochMs)?.values() ?? [])].map(({ line }) => line),
    async load(epochMs, signal) {
      for (let part = 1;; part++) {
        const data = await readPart(epochMs, part, signal);
        if (!data) return;
        for (const text of Object.values(data)) {
          const line = parseLine(text);
          if (line) remember(epochMs, { line, part });
        }
      }
    },
  };
}

/** A line that somebody damaged is left out: it must not keep the controller from starting. */
function parseLine(text: string): LedgerLine | undefined {
  try {
    return ledgerLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
