/**
 * An account whose every request gets the answer that a test writes down.
 *
 * @module
 */

import type { Provider } from "../../providers/contract.ts";
import { createProvider } from "../../providers/registry.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { drive, Recorder } from "./provider_world.ts";

/** See the module. */
export interface ScriptedAccount {
  readonly provider: Provider;
  /** What was asked; the bodies are still unread. */
  readonly requests: readonly Request[];
  readonly recorder: Recorder;
  readonly clock: FakeClock;
  run<T>(promise: Promise<T>): Promise<T>;
}

/** Makes one. */
export function scriptAccount(
  entry: ProviderEntry,
  apiKey: string,
  answer: (request: Request) => Response | Promise<Response>,
): ScriptedAccount {
  const clock = new FakeClock();
  const recorder = new Recorder();
  const requests: Request[] = [];
  const provider = createProvider(entry, {
    apiKey,
    clusterId: "abc123",
    fetch: (request) => {
      requests.push(request.clone() as Request);
      return Promise.resolve(answer(request));
    },
    clock,
    random: createSeededRandom(1),
    log: recorder.log,
    metrics: recorder.metrics,
  });
  const run = <T>(promise: Promise<T>) => drive({ clock, inFlight: () => 0 }, promise);
  return { provider, requests, recorder, clock, run };
}
