/**
 * A RunPod account whose every request gets the answer that a test writes down.
 *
 * @module
 */

import type { LaunchOutcome, LaunchRequest, Provider } from "../../../providers/contract.ts";
import { createProvider } from "../../../providers/registry.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { drive, Recorder } from "../provider_world.ts";
import { canaryKey, containerOrder, runpodEntry } from "./runpod_world.ts";

/** See the module. */
export interface ScriptedRunpod {
  readonly provider: Provider;
  /** What was asked; the bodies are still unread. */
  readonly requests: Request[];
  readonly recorder: Recorder;
  readonly clock: FakeClock;
  run<T>(promise: Promise<T>): Promise<T>;
  /** Sends the standard order, changed. */
  launch(change?: Partial<LaunchRequest>): Promise<LaunchOutcome>;
}

const never = new AbortController().signal;

/** Makes one. */
export function scriptRunpod(
  answer: (request: Request) => Response | Promise<Response>,
  entry: ProviderEntry = runpodEntry(),
): ScriptedRunpod {
  const clock = new FakeClock();
  const recorder = new Recorder();
  const requests: Request[] = [];
  const provider = createProvider(entry, {
    apiKey: canaryKey,
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
  return {
    provider,
    requests,
    recorder,
    clock,
    run,
    launch: async (change) => {
      const permit = await run(provider.acquireLaunch(never));
      const order = containerOrder("tgp-abc123-train-q7x2k9", clock.now() + 60_000, change);
      return await run(provider.launch(order, permit, never));
    },
  };
}
