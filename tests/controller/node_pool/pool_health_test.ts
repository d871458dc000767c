import assert from "node:assert/strict";
import { decidePoolHealth } from "../../../controller/node_pool/pool_health.ts";
import type { LedgerLine } from "../../../controller/ledger.ts";
import { formatTime } from "../../../schemas/conditions.ts";
import { minutes } from "../../../schemas/duration.ts";
import { zeroUsd } from "../../../schemas/money.ts";
import { buildClaim, buildSteps, testStart } from "../../support/controller_builders.ts";

const minute = 60_000;

function lineOf(offsetMinutes: number, boot: LedgerLine["boot"]): LedgerLine {
  return {
    claim: `claim-${offsetMinutes}`,
    uid: `uid-${offsetMinutes}`,
    nodePool: "gpu",
    nodeClass: "default",
    provider: "lambda",
    account: "lambda",
    instanceID: `i-${offsetMinutes}`,
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    gpuCount: 1,
    prices: [],
    until: formatTime(testStart + offsetMinutes * minute),
    billingIncrement: minutes(1),
    cost: zeroUsd,
    reason: boot === "Failed" ? "RegistrationTimeout" : "Empty",
    boot,
  };
}

const failures = (...offsets: number[]) => offsets.map((offset) => lineOf(offset, "Failed"));
const at = (offsetMinutes: number) => testStart + offsetMinutes * minute;

Deno.test("decidePoolHealth() stops a pool after three failed boots in a row, then tries one", () => {
  const judge = (ended: readonly LedgerLine[], now: number) =>
    decidePoolHealth({ ended, claims: [], now }).kind;
  assert.equal(judge(failures(1, 2), at(3)), "healthy");
  assert.equal(judge(failures(1, 2, 3), at(4)), "coolingDown");
  assert.equal(judge(failures(1, 2, 3), at(32)), "coolingDown");
  assert.equal(judge(failures(1, 2, 3), at(33)), "trying");
});

Deno.test("decidePoolHealth() pauses twice as long after each further failure, four hours at most", () => {
  const pause = (count: number) => {
    const ended = failures(...Array.from({ length: count }, (_, index) => index + 1));
    const health = decidePoolHealth({ ended, claims: [], now: at(count) });
    return health.kind === "coolingDown" ? (health.untilMs - at(count)) / minute : 0;
  };
  assert.deepEqual([3, 4, 5, 6, 7, 20].map(pause), [30, 60, 120, 240, 240, 240]);
});

Deno.test("decidePoolHealth() counts from the last boot that completed, of a live claim or an ended one", () => {
  const ended = [...failures(1, 2, 4), lineOf(3, "Completed")];
  assert.equal(decidePoolHealth({ ended, claims: [], now: at(5) }).kind, "healthy");
  const live = buildClaim({ steps: buildSteps({ Initialized: 10 * 60 }) });
  assert.equal(
    decidePoolHealth({ ended: failures(1, 2, 3), claims: [live], now: at(11) }).kind,
    "healthy",
  );
});

Deno.test("decidePoolHealth() holds nothing against a pool whose boots nobody waited for", () => {
  const ended = [1, 2, 3, 4].map((offset) => lineOf(offset, "Cancelled"));
  assert.equal(decidePoolHealth({ ended, claims: [], now: at(5) }).kind, "healthy");
});

Deno.test("decidePoolHealth() says what failed, and for how long nothing is bought", () => {
  const health = decidePoolHealth({ ended: failures(1, 2, 3), claims: [], now: at(4) });
  assert.match(
    health.kind === "coolingDown" ? health.message : "",
    /^3 machines in a row .*gpu_1x_a10 from lambda.* RegistrationTimeout; nothing is bought for 30m$/,
  );
});
