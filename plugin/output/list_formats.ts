/**
 * Output formats of lists.
 *
 * @module
 */

/** What `-o` takes. */
export const listFormats = ["table", "wide", "json", "yaml", "name"] as const;

/** One of them. */
export type ListFormat = typeof listFormats[number];
