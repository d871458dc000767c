import assert from "node:assert/strict";
import type { LaunchOutcome, Workload } from "../../../providers/contract.ts";
import { createProvider } from "../../../providers/registry.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { lambdaEntry } from "../lambda/lambda_world.ts";
import { drive } from "../provider_world.ts";
import { containerOrder, runpodEntry } from "../runpod/runpod_world.ts";

const never = new AbortController().signal;

/** Of no form that tells a secret: only who sent it can know that it is one. */
const secret = "correct-horse-battery-staple";

/** Longer than what is quoted of any answer. */
const longSecret = "correct-horse-".repeat(40);

const quote = (value: string) => `Something went wrong with ${value}`;

function containerWith(value: string): Workload {
  const { workload } = containerOrder("any", 0);
  return workload.kind === "container" ? { ...workload, env: { API_TOKEN: value } } : workload;
}

interface Cloud {
  readonly entry: ProviderEntry;
  readonly workload: (secret: string) => Workload;
  /** A failure that says nothing definite, and quotes what it was sent. */
  readonly answer: (secret: string) => Response;
}

const clouds: Readonly<Record<string, Cloud>> = {
  Lambda: {
    entry: lambdaEntry(),
    workload: (value) => ({ kind: "machine", userData: `#cloud-config\npassword: ${value}\n` }),
    answer: (value) => new Response(quote(`password: ${value}`), { status: 500 }),
  },
  "RunPod REST": {
    entry: runpodEntry(),
    workload: containerWith,
    answer: (value) => new Response(quote(value), { status: 500 }),
  },
  "RunPod GraphQL": {
    entry: runpodEntry({ protocol: "GraphQL" }),
    workload: containerWith,
    answer: (value) => Response.json({ errors: [{ message: quote(value) }], data: null }),
  },
};

for (const [name, { entry, workload, answer }] of Object.entries(clouds)) {
  /** Sends orders one after another, each with a secret of its own. */
  const launchAll = async (secrets: readonly string[]): Promise<readonly LaunchOutcome[]> => {
    const clock = new FakeClock();
    let sent = "";
    const provider = createProvider(entry, {
      apiKey: "a-key-that-nobody-has",
      clusterId: "abc123",
      fetch: () => Promise.resolve(answer(sent)),
      clock,
      random: createSeededRandom(1),
      log: silentLog,
      metrics: silentMetrics,
    });
    const outcomes: LaunchOutcome[] = [];
    for (sent of secrets) {
      const permit = await drive({ clock, inFlight: () => 0 }, provider.acquireLaunch(never));
      const order = containerOrder("tgp-abc123-train-q7x2k9", clock.now() + 60_000, {
        workload: workload(sent),
      });
      const launching = provider.launch(order, permit, never);
      outcomes.push(await drive({ clock, inFlight: () => 0 }, launching));
    }
    return outcomes;
  };

  Deno.test(`${name}: no half of what an order carries is quoted where an answer is cut`, async () => {
    const [outcome] = await launchAll([longSecret]);
    assert.ok(outcome?.kind === "unknown", JSON.stringify(outcome));
    assert.match(outcome.message, /went wrong/);
    assert.doesNotMatch(outcome.message, /correct|horse/);
  });

  Deno.test(`${name}: an open breaker does not tell an order what another one carried`, async () => {
    const outcomes = await launchAll([...Array(5).fill(secret), "something-else-entirely"]);
    const last = outcomes.at(-1);
    assert.ok(last?.kind === "notSent", JSON.stringify(last));
    assert.match(last.message, /the last calls all failed .*went wrong/);
    assert.doesNotMatch(last.message, /correct|horse/);
  });
}
