/**
 * Entries of a class by the cloud that each means.
 *
 * @module
 */

import {
  findCloud,
  type KnownCloud,
  parseProviderName,
  providerNames,
} from "../../../providers/known_clouds.ts";
import { findNearest } from "../../../scheduling/label_hint.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";

/** An entry whose cloud is known. */
export interface KnownEntry {
  readonly entry: ProviderEntry;
  /** `spec.providers[0]`. */
  readonly path: string;
  readonly registration: KnownCloud;
}

/** An entry whose cloud is not. */
export interface UnsupportedEntry {
  /** Of the field that names the cloud. */
  readonly path: string;
  readonly text: string;
  /** What could have been written, for people. */
  readonly supported: string;
}

/** Sorts entries by whether their cloud is known. */
export function findKnownEntries(entries: readonly ProviderEntry[]): {
  readonly known: readonly KnownEntry[];
  readonly unsupported: readonly UnsupportedEntry[];
} {
  const known: KnownEntry[] = [];
  const unsupported: UnsupportedEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const path = `spec.providers[${index}]`;
    const text = entry.provider ?? entry.name;
    const registration = findByText(text);
    if (registration !== undefined) known.push({ entry, path, registration });
    else {
      const field = entry.provider === undefined ? "name" : "provider";
      unsupported.push({ path: `${path}.${field}`, text, supported: suggest(entry, text) });
    }
  }
  return { known, unsupported };
}

function findByText(text: string): KnownCloud | undefined {
  try {
    return findCloud(parseProviderName(text));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** A name of one's own for an account wants the cloud beside it. */
function suggest({ provider }: ProviderEntry, text: string): string {
  const nearest = findNearest(text, providerNames);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  const choice = `supported are ${providerNames.join(", ")}`;
  return provider === undefined
    ? `${choice}; if "${text}" is your own name for an account, add provider`
    : choice;
}
