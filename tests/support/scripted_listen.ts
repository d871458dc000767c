/**
 * Listeners without sockets.
 *
 * @module
 */

import type { Listen, ListenOptions } from "../../controller/admission/serving/server/listen.ts";

/** A listener, as a test sees it. */
export interface ScriptedListener {
  readonly options: ListenOptions;
  state: "open" | "shutting down" | "closed";
  /** Sends it a request. */
  ask(request?: Request): Promise<Response>;
}

/** Listens nowhere, and remembers everything. */
export function createScriptedListen(): {
  readonly listen: Listen;
  readonly listeners: readonly ScriptedListener[];
} {
  const listeners: ScriptedListener[] = [];
  return {
    listeners,
    listen(options) {
      const underWay = new Set<Promise<unknown>>();
      const listener: ScriptedListener = {
        options,
        state: "open",
        ask(request = new Request("https://x/", { headers: { host: "x" } })) {
          const answer = Promise.resolve(options.handler(request));
          underWay.add(answer);
          return answer.finally(() => underWay.delete(answer));
        },
      };
      listeners.push(listener);
      return {
        port: options.port === 0 ? 9443 : options.port,
        async shutdown() {
          listener.state = "shutting down";
          await Promise.allSettled(underWay);
          listener.state = "closed";
        },
      };
    },
  };
}
