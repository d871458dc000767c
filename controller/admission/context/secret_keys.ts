/**
 * Which Secrets there are in the controller's namespace, and which keys each has. Values are dropped as
 * they are decoded.
 *
 * The controller may watch Secrets there and not list them. A watch without a version begins with what is
 * there, and does not say when that was all: only after a moment's quiet is a Secret that was not seen
 * taken for missing. Records of bootstrap tokens, one per claim, are left out.
 *
 * @module
 */

import { toMessage } from "../../../kube/errors.ts";
import { keepWatching, type WatchFailure } from "../../../kube/keep_watching.ts";
import type { Kube } from "../../../kube/kube.ts";
import { type ResourceType, secrets } from "../../../kube/resource.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { Log } from "../../../runtime/log.ts";
import type { Random } from "../../../runtime/random.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { labels } from "../../../schemas/labels.ts";
import type { SecretView } from "./admission_context.ts";

/** Collaborators. */
export interface SecretKeysDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** See the module. */
export interface SecretKeys {
  /** Keeps the copy current until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  view(name: string): SecretView;
}

/** What is there comes within a second, even of a busy server. */
const settleMs = 5_000;
/** Creates the copy; it does nothing until it runs. */
export function createSecretKeys(deps: SecretKeysDeps, namespace: string): SecretKeys {
  const { clock, kube, log } = deps;
  /** By name; absent before what is there has come. */
  let copy: Map<string, readonly string[]> | undefined;
  /** Where the next watch starts; empty: with what is there. */
  let resourceVersion = "";

  async function follow(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const seen = resourceVersion === "" ? new Map<string, readonly string[]>() : copy ?? new Map();
    const settle = () => copy = seen;
    const settling = clock.sleep(settleMs, over.signal).then(settle, () => {});
    const options = { namespace, resourceVersion, labelSelector: `!${labels.claim}`, signal };
    try {
      for await (const event of kube.watch(keysOnly, options)) {
        if (event.type === "BOOKMARK") {
          settle();
          resourceVersion = event.resourceVersion;
          continue;
        }
        const { metadata, keys } = event.object;
        if (event.type === "DELETED") seen.delete(metadata.name);
        else seen.set(metadata.name, keys);
        // What comes first is in no order: until all is there, the next watch has to begin anew.
        if (copy === seen) resourceVersion = metadata.resourceVersion ?? "";
      }
    } finally {
      over.abort();
      await settling;
    }
  }

  function onFailure(failure: WatchFailure, error: unknown, failures: number): void {
    if (failure === "interrupted") {
      return log.debug("Watch of Secrets interrupted", { error: toMessage(error), failures });
    }
    resourceVersion = "";
    if (failure === "expired") return;
    copy = undefined;
    if (failures > 1) return;
    log.info("Secrets cannot be watched: missing ones are not warned of", { namespace });
  }

  return {
    run: (signal) => keepWatching(deps, { follow: () => follow(signal), onFailure }, signal),
    view(name) {
      if (copy === undefined) return "unknown";
      const keys = copy.get(name);
      return keys === undefined ? "missing" : { keys };
    },
  };
}

/** A Secret without its values. */
interface SecretWithKeys extends KubernetesObject {
  readonly keys: readonly string[];
}

const keysOnly: ResourceType<SecretWithKeys> = {
  ...secrets,
  parse(raw) {
    const { apiVersion, kind, metadata: { name, namespace, resourceVersion }, data } = secrets
      .parse(
        raw,
      );
    const metadata = { name, namespace, resourceVersion };
    return { apiVersion, kind, metadata, keys: Object.keys(data ?? {}) };
  },
};
