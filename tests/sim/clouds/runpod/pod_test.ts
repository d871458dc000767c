import assert from "node:assert/strict";
import fc from "fast-check";
import { usdFromCents } from "../../../../schemas/money.ts";
import { simGpuTypes } from "../../../../sim/clouds/runpod/gpu_types.ts";
import { Market } from "../../../../sim/clouds/runpod/market.ts";
import { wishFor } from "../../../../sim/clouds/runpod/order.ts";
import { type Pod, type Run, stateAt, toBillLine } from "../../../../sim/clouds/runpod/pod.ts";

const minute = 60_000;
const hour = 60 * minute;

function createRun(change: Partial<Run> = {}): Run {
  return {
    startedAt: 0,
    provisionedAt: 1_000,
    containerAt: minute,
    portsAt: minute,
    failsAt: undefined,
    crashLoopMs: undefined,
    firstPort: 40_000,
    endedAt: undefined,
    ...change,
  };
}

function createPod(change: Partial<Pod>, volumeGb = 0): Pod {
  const gpuTypeId = simGpuTypes[0]?.id ?? "";
  const wish = wishFor(gpuTypeId);
  const [placement] = new Market({ [gpuTypeId]: { "EU-RO-1": 1 } }, () => []).placements(wish);
  assert.ok(placement);
  return {
    id: "p",
    machineId: "m",
    hostId: "h",
    order: {
      ...wish,
      name: "n",
      image: "i",
      args: "",
      env: {},
      ports: [],
      containerDiskGb: 73,
      volumeGb,
      volumePath: "",
      globalNetworking: false,
      bidPerGpu: undefined,
      stopAt: undefined,
      terminateAt: undefined,
      endpointId: undefined,
    },
    placement,
    env: {},
    costPerHour: usdFromCents(72),
    publicIp: "",
    privateIp: "",
    gpuIds: [],
    createdAt: 0,
    listedAt: 0,
    failsAs: "EXITED",
    runs: [createRun()],
    change: { cause: "Rented by User", at: 0 },
    terminatedAt: undefined,
    forgottenAt: undefined,
    ...change,
  };
}

Deno.test("toBillLine() counts started seconds from the order on, disks included", () => {
  // Per hour: 72 cents for the GPUs; 73 GB of disk, 1 cent; a stopped volume of 73 GB, 2 cents.
  const stopped = createRun({ endedAt: hour });
  const cases: [string, Pod, number, number | undefined, number, number][] = [
    ["just ordered", createPod({}), 0, undefined, 0, 0],
    ["one millisecond", createPod({}), 1, undefined, 1_000, 203],
    ["an hour, booting or not", createPod({}), hour, undefined, hour, 730_000],
    ["stopped", createPod({ runs: [stopped] }), 5 * hour, hour, hour, 730_000],
    [
      "stopped with a volume",
      createPod({ runs: [stopped] }, 73),
      5 * hour,
      undefined,
      5 * hour,
      740_000 + 4 * 20_000,
    ],
    [
      "stopped and ended",
      createPod({ runs: [stopped], terminatedAt: 3 * hour }, 73),
      9 * hour,
      3 * hour,
      3 * hour,
      740_000 + 2 * 20_000,
    ],
    [
      "started again",
      createPod({ runs: [stopped, createRun({ startedAt: 2 * hour })] }, 73),
      3 * hour,
      undefined,
      3 * hour,
      2 * 740_000 + 20_000,
    ],
    [
      "ended",
      createPod({ runs: [stopped], terminatedAt: hour }),
      9 * hour,
      hour,
      hour,
      730_000,
    ],
  ];
  for (const [what, pod, now, end, billedMs, amount] of cases) {
    const line = toBillLine(pod, now);
    assert.deepEqual(
      [line.start, line.end, line.billedMs, line.amount],
      [0, end, billedMs, amount],
      what,
    );
  }
});

Deno.test("a pod goes through its states in order, and its bill never shrinks", () => {
  const rank = { PROVISIONING: 0, STARTING: 1, RUNNING: 2, EXITED: 3, ERROR: 3, TERMINATED: 4 };
  const moment = fc.option(fc.integer({ min: 0, max: 100 * minute }), { nil: undefined });
  const times = fc.array(fc.integer({ min: 0, max: 200 * minute }), {
    minLength: 2,
    maxLength: 20,
  });
  fc.assert(fc.property(moment, moment, fc.nat(100), times, (containerAt, endedAt, volume, at) => {
    const pod = createPod({ runs: [createRun({ containerAt })] }, volume);
    let [lastRank, lastAmount] = [0, 0];
    for (const now of at.sort((left, right) => left - right)) {
      if (endedAt !== undefined && now >= endedAt) pod.runs[0].endedAt = endedAt;
      const state = rank[stateAt(pod, now)];
      const { amount } = toBillLine(pod, now);
      assert.ok(state >= lastRank && amount >= lastAmount);
      [lastRank, lastAmount] = [state, amount];
    }
  }));
});
