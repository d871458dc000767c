import assert from "node:assert/strict";
import fc from "fast-check";
import { simInstanceTypes } from "../../../../sim/clouds/lambda/catalog.ts";
import { type Machine, stateAt, toBillLine } from "../../../../sim/clouds/lambda/machine.ts";

const minute = 60_000;

function createMachine(change: Partial<Machine>): Machine {
  const type = simInstanceTypes.get("gpu_1x_a10");
  assert.ok(type);
  return {
    id: "0".repeat(32),
    name: "m",
    hostname: "m",
    type,
    region: "us-east-1",
    sshKeyNames: ["tgp"],
    filesystemNames: [],
    tags: undefined,
    userData: undefined,
    ip: "203.0.113.1",
    privateIp: "10.19.0.1",
    jupyterToken: "",
    launchedAt: 0,
    addressAt: minute,
    listedAt: 0,
    activeAt: 4 * minute,
    unhealthyAt: undefined,
    terminatingAt: undefined,
    terminatedAt: undefined,
    preempted: false,
    ...change,
  };
}

Deno.test("toBillLine() counts started minutes from active to the end", () => {
  const cases: [
    string,
    Partial<Machine>,
    number,
    number | undefined,
    number | undefined,
    number,
  ][] = [
    ["booting", {}, 3 * minute, undefined, undefined, 0],
    ["just active", {}, 4 * minute, 4 * minute, undefined, 0],
    ["one millisecond", {}, 4 * minute + 1, 4 * minute, undefined, 1],
    ["an hour", {}, 64 * minute, 4 * minute, undefined, 60],
    ["ended", { terminatingAt: 10.5 * minute }, 99 * minute, 4 * minute, 10.5 * minute, 7],
    [
      "ended while booting",
      { activeAt: undefined, terminatingAt: 2 * minute },
      99 * minute,
      undefined,
      2 * minute,
      0,
    ],
    [
      "failed its checks",
      { activeAt: undefined, unhealthyAt: 5 * minute },
      15 * minute,
      5 * minute,
      undefined,
      10,
    ],
    ["broke down", { unhealthyAt: 30 * minute }, 64 * minute, 4 * minute, undefined, 60],
  ];
  for (const [what, change, now, start, end, minutes] of cases) {
    const line = toBillLine(createMachine(change), now);
    assert.deepEqual([line.start, line.end, line.billedMs], [start, end, minutes * minute], what);
    // 129 cents per hour: 21,500 millionths of a dollar per minute.
    assert.equal(line.amount, minutes * 21_500, what);
  }
});

Deno.test("a machine never goes back, and its bill never shrinks", () => {
  const rank = { booting: 0, active: 1, unhealthy: 2, terminating: 3, terminated: 4, preempted: 4 };
  const moment = fc.option(fc.integer({ min: 0, max: 100 * minute }), { nil: undefined });
  fc.assert(fc.property(
    fc.record({ activeAt: moment, terminatingAt: moment }),
    fc.integer({ min: 0, max: 5 * minute }),
    fc.array(fc.integer({ min: 0, max: 200 * minute }), { minLength: 2, maxLength: 20 }),
    ({ activeAt, terminatingAt }, lasting, times) => {
      const machine = createMachine({
        // What has not happened by the end does not happen.
        activeAt: (activeAt ?? 0) > (terminatingAt ?? Infinity) ? undefined : activeAt,
        terminatingAt,
        terminatedAt: terminatingAt === undefined ? undefined : terminatingAt + lasting,
      });
      let [lastRank, lastAmount] = [0, 0];
      for (const now of times.sort((left, right) => left - right)) {
        const state = rank[stateAt(machine, now)];
        const { amount } = toBillLine(machine, now);
        assert.ok(state >= lastRank && amount >= lastAmount);
        [lastRank, lastAmount] = [state, amount];
      }
    },
  ));
});
