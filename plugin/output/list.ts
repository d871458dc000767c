/**
 * Lists for scripts: names never change within a version, new ones may appear.
 *
 * @module
 */

/** API version of what the plugin prints for scripts. It is the plugin's own, not the cluster's. */
export const outputApiVersion = "plugin.tgp.io/v1";

/** A list for scripts. */
export interface OutputList<T> {
  readonly apiVersion: typeof outputApiVersion;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly items: readonly T[];
}

/** Wraps items. @param now Epoch milliseconds. */
export function toOutputList<T>(
  kind: string,
  items: readonly T[],
  now: number,
  metadata: Readonly<Record<string, unknown>> = {},
): OutputList<T> {
  return {
    apiVersion: outputApiVersion,
    kind,
    metadata: { generatedAt: new Date(now).toISOString(), ...metadata },
    items,
  };
}
