/**
 * Watches one Secret by its name, and keeps no more of it than tells whether a key has changed.
 *
 * A watch that names its object needs no `list`: RBAC can grant it by `resourceNames`. It begins without
 * a version, which brings what is there; what is not there brings nothing, so somebody still has to read
 * once, and now and then, to know that a Secret is missing.
 *
 * @module
 */

import { toMessage } from "../../kube/errors.ts";
import { keepWatching, type WatchFailure } from "../../kube/keep_watching.ts";
import type { Kube } from "../../kube/kube.ts";
import { type ObjectRef, type ResourceType, secrets, toKey } from "../../kube/resource.ts";
import { fingerprintOf } from "../../providers/api_key.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { Random } from "../../runtime/random.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { isSame } from "../same.ts";

/** Collaborators. */
export interface WatchSecretDeps {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Watches until `signal` aborts.
 *
 * @param onChange A key has come, gone or changed; or may have, while nobody watched.
 */
export async function watchSecret(
  deps: WatchSecretDeps,
  { name, namespace }: ObjectRef,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { kube, metrics } = deps;
  const log = deps.log.with({ secret: toKey({ name, namespace }) });
  /** Fingerprints by key, as last seen. */
  let seen: Fingerprints | undefined;
  /** Where the next watch starts; empty: with what is there. */
  let resourceVersion = "";

  const follow = async () => {
    const options = { namespace, fieldSelector: `metadata.name=${name}`, resourceVersion, signal };
    for await (const event of kube.watch(fingerprinted, options)) {
      if (event.type === "BOOKMARK") {
        resourceVersion = event.resourceVersion;
        continue;
      }
      const { metadata, fingerprints } = event.object;
      const now = event.type === "DELETED" ? undefined : fingerprints;
      if (!isSame(now, seen)) onChange();
      seen = now;
      resourceVersion = metadata.resourceVersion ?? "";
    }
  };
  const onFailure = (failure: WatchFailure, error: unknown, failures: number) => {
    if (failure === "expired") {
      resourceVersion = "";
      return onChange();
    }
    metrics.count("tgp_kube_watch_failures_total", { resource: secrets.plural });
    if (failure === "interrupted") {
      return log.debug("Watch of a Secret interrupted", { error: toMessage(error), failures });
    }
    resourceVersion = "";
    if (failures > 1) return;
    log.info("A Secret may not be watched: changes of its keys are seen within half a minute", {
      error: toMessage(error),
    });
  };
  await keepWatching(deps, { follow, onFailure }, signal);
}

type Fingerprints = Readonly<Record<string, string>>;

/** A Secret whose values were dropped as it was decoded. */
interface FingerprintedSecret extends KubernetesObject {
  readonly fingerprints: Fingerprints;
}

const fingerprinted: ResourceType<FingerprintedSecret> = {
  ...secrets,
  parse(raw) {
    const { apiVersion, kind, metadata, data = {} } = secrets.parse(raw);
    const { name, namespace, resourceVersion } = metadata;
    return {
      apiVersion,
      kind,
      metadata: { name, namespace, resourceVersion },
      fingerprints: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, fingerprintOf(value)]),
      ),
    };
  },
};
