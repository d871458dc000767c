/**
 * The order of merged lists in strategic merge patches.
 *
 * Follows `normalizeElementOrder` of k8s.io/apimachinery `pkg/util/strategicpatch/patch.go`, v0.36.0.
 *
 * @module
 */

import { asObject, canonicalJson, type Json } from "../json.ts";

/** What identifies an item: its merge key's value, or for scalars the item itself. */
export function identityOf(item: Json, mergeKey: string | undefined): string {
  return canonicalJson(mergeKey === undefined ? item : asObject(item)[mergeKey] ?? null);
}

/**
 * Orders a merged list: items of the patch in the patch's order, all others where the server had them.
 *
 * @param wanted The patch's order, as items or as its `$setElementOrder`.
 */
export function orderElements(
  merged: readonly Json[],
  { wanted, server, mergeKey }: {
    readonly wanted: readonly Json[];
    readonly server: readonly Json[];
    readonly mergeKey: string | undefined;
  },
): readonly Json[] {
  const positions = (list: readonly Json[]) =>
    new Map(list.map((item, index) => [identityOf(item, mergeKey), index]));
  const inPatch = positions(wanted);
  const onServer = positions(server);
  const place = (map: ReadonlyMap<string, number>, item: Json) =>
    map.get(identityOf(item, mergeKey));
  const sorted = (map: ReadonlyMap<string, number>, items: readonly Json[]) =>
    items.toSorted((left, right) => (place(map, left) ?? 0) - (place(map, right) ?? 0));
  const patched = sorted(inPatch, merged.filter((item) => place(inPatch, item) !== undefined));
  const others = sorted(onServer, merged.filter((item) => place(inPatch, item) === undefined));
  const result: Json[] = [];
  for (const item of patched) {
    const own = place(onServer, item);
    while (others[0] !== undefined && own !== undefined) {
      const next = place(onServer, others[0]);
      if (next === undefined || next >= own) break;
      result.push(others[0]);
      others.shift();
    }
    result.push(item);
  }
  return [...result, ...others];
}
