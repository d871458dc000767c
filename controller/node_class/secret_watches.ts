/**
 * One watch per Secret that classes refer to, however many refer to it.
 *
 * @module
 */

import { type ObjectRef, toKey } from "../../kube/resource.ts";
import { watchSecret, type WatchSecretDeps } from "./watch_secret.ts";

/** Collaborators. */
export interface SecretWatchesDeps extends WatchSecretDeps {
  /** A key of a Secret that the class refers to has come, gone or changed. */
  onChange(className: string): void;
}

interface Watch {
  readonly ref: ObjectRef;
  readonly classes: Set<string>;
  readonly stop: AbortController;
  running: Promise<void> | undefined;
}

/** See the module. */
export class SecretWatches {
  readonly #deps: SecretWatchesDeps;
  readonly #watches = new Map<string, Watch>();
  #works = false;

  constructor(deps: SecretWatchesDeps) {
    this.#deps = deps;
  }

  /**
   * Which Secrets a class refers to from now on, those in namespaces that the controller may not read left
   * out; none when the class is gone.
   */
  follow(className: string, refs: readonly ObjectRef[]): void {
    const wanted = new Map(refs.map((ref) => [toKey(ref), ref]));
    for (const [key, watch] of this.#watches) {
      if (wanted.has(key)) continue;
      watch.classes.delete(className);
      if (watch.classes.size > 0) continue;
      watch.stop.abort();
      this.#watches.delete(key);
    }
    for (const [key, ref] of wanted) {
      const watch = this.#watches.get(key) ?? this.#create(key, ref);
      watch.classes.add(className);
      if (this.#works) this.#start(watch);
    }
  }

  /** Watches until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#works = true;
    for (const watch of this.#watches.values()) this.#start(watch);
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
    this.#works = false;
    const watches = [...this.#watches.values()];
    this.#watches.clear();
    for (const { stop } of watches) stop.abort();
    await Promise.all(watches.map(({ running }) => running));
  }

  #create(key: string, ref: ObjectRef): Watch {
    const stop = new AbortController();
    const watch: Watch = { ref, classes: new Set(), stop, running: undefined };
    this.#watches.set(key, watch);
    return watch;
  }

  #start(watch: Watch): void {
    const onChange = () => watch.classes.forEach((name) => this.#deps.onChange(name));
    watch.running ??= watchSecret(this.#deps, watch.ref, onChange, watch.stop.signal);
  }
}
