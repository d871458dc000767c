/**
 * Pods by the node they are bound to.
 *
 * @module
 */

import type { Change } from "../kube/change.ts";
import type { Pod } from "../schemas/kubernetes.ts";

/** See the module. */
export class PodsByNode {
  readonly #nodes = new Map<string, Map<string, Pod>>();

  /** Takes a change in, and names the nodes whose pods it concerns. */
  apply({ key, object, old }: Change<Pod>): readonly string[] {
    const before = old?.spec.nodeName;
    const after = object?.spec.nodeName;
    if (before !== undefined) this.#remove(before, key);
    if (object && after !== undefined) {
      const pods = this.#nodes.get(after);
      if (pods) pods.set(key, object);
      else this.#nodes.set(after, new Map([[key, object]]));
    }
    return [...new Set([before, after])].filter((node) => node !== undefined);
  }

  #remove(node: string, key: string): void {
    const pods = this.#nodes.get(node);
    pods?.delete(key);
    // Names of nodes are never used again.
    if (pods?.size === 0) this.#nodes.delete(node);
  }

  /** The pods bound to a node. */
  on(node: string): readonly Pod[] {
    return [...this.#nodes.get(node)?.values() ?? []];
  }
}
