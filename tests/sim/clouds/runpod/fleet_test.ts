import assert from "node:assert/strict";
import fc from "fast-check";
import { createSeededRandom } from "../../../../runtime/random.ts";
import { Account } from "../../../../sim/clouds/runpod/account.ts";
import { defaultBehaviour } from "../../../../sim/clouds/runpod/behaviour.ts";
import { Refusal } from "../../../../sim/clouds/runpod/errors.ts";
import { Market } from "../../../../sim/clouds/runpod/market.ts";
import { type PodOrder, wishFor } from "../../../../sim/clouds/runpod/order.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const gpuTypeId = "NVIDIA GeForce RTX 4090";
const freeAtFirst = 12;
const balanceUsd = 9;

function createAccount() {
  const clock = new FakeClock();
  const market = new Market({ [gpuTypeId]: { "EU-RO-1": 8, CZ: 4 } }, () => []);
  const deps = { clock, random: createSeededRandom(5), market, behaviour: () => defaultBehaviour };
  return { clock, market, account: new Account(deps, balanceUsd) };
}

function createOrder(gpuCount: number, change: Partial<PodOrder>): PodOrder {
  return {
    ...wishFor(gpuTypeId, { gpuCount }),
    name: "n",
    image: "i",
    args: "",
    env: {},
    ports: [],
    containerDiskGb: 50,
    volumeGb: 50,
    volumePath: "",
    globalNetworking: false,
    bidPerGpu: undefined,
    stopAt: undefined,
    terminateAt: undefined,
    endpointId: undefined,
    ...change,
  };
}

const soon = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined });

/** What may be done; pods are named by number, minutes from now. */
const deed = fc.oneof(
  fc.record({
    do: fc.constant("create" as const),
    gpuCount: fc.integer({ min: 1, max: 5 }),
    stop: soon,
    end: soon,
  }),
  fc.record({
    do: fc.constantFrom(
      "stop" as const,
      "start" as const,
      "terminate" as const,
      "preempt" as const,
    ),
    pod: fc.nat(5),
  }),
  fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 0, max: 200 }) }),
);

Deno.test("whatever happens, no GPU is lost or made, and what is spent is billed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 30 }), async (deeds) => {
      const { clock, market, account } = createAccount();
      const { fleet } = account;
      let lastBilled = 0;
      for (const step of deeds) {
        const at = (minutes: number | undefined) =>
          minutes === undefined ? undefined : clock.now() + minutes * 60_000;
        try {
          switch (step.do) {
            case "create":
              account.create(
                createOrder(step.gpuCount, { stopAt: at(step.stop), terminateAt: at(step.end) }),
              );
              break;
            case "wait":
              await clock.advance(step.minutes * 60_000);
              break;
            default:
              account[step.do](fleet.all()[step.pod]?.id ?? "");
          }
        } catch (error) {
          assert.ok(error instanceof Refusal, String(error));
        }
        const taken = fleet.all()
          .filter(({ runs }) => runs.at(-1)?.endedAt === undefined)
          .reduce((sum, { order }) => sum + order.gpuCount, 0);
        const free = Object.values(market.stock()[gpuTypeId] ?? {});
        assert.ok(free.every((count) => count >= 0));
        assert.equal(taken + free.reduce((sum, count) => sum + count, 0), freeAtFirst);
        const billed = fleet.bill().reduce((sum, { amount }) => sum + amount, 0);
        assert.equal(fleet.balance(), balanceUsd * 1_000_000 - billed);
        assert.ok(billed >= lastBilled);
        // Nothing runs on once the money is gone.
        assert.ok(taken === 0 || fleet.balance() > 0);
        lastBilled = billed;
      }
    }),
    { numRuns: 60 },
  );
});
