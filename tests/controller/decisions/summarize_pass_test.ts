import assert from "node:assert/strict";
import { summarizePass } from "../../../controller/decisions/summarize_pass.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { encodeDecisions } from "../../../schemas/pool_decisions.ts";
import {
  buildInput,
  buildOffer,
  buildPod,
  buildPods,
  buildPool,
  toPlanned,
} from "../../support/scheduling.ts";
import { passOf } from "./builders.ts";

const cheap = buildOffer("of-cheap", { price: "1.00" });
const dear = buildOffer("of-dear", { price: "1.10", region: "us-west-1" });

Deno.test("summarizePass() tells what was ordered, why, and what would be next", () => {
  const pass = passOf(buildInput([buildPod("work")], [dear, cheap]));
  assert.deepEqual(summarizePass(pass), [{
    pool: "gpu",
    since: "2026-01-01T00:00:00Z",
    considered: 1,
    fitting: 0,
    planned: 0,
    bought: 1,
    refusals: [],
    otherRefused: 0,
    purchases: [{
      time: "2026-01-01T00:00:00Z",
      claim: "gpu-0",
      pods: { count: 1, first: ["default/work"] },
      offer: {
        id: "of-cheap",
        provider: "lambda",
        account: "lambda",
        instanceType: "gpu_1x_a10-24gb",
        region: "us-east-1",
        capacityType: "on-demand",
        gpuModel: "A10-24GB",
        gpuCount: 1,
        perHour: parseUsd("1.00"),
      },
      ceilingPerHour: parseUsd("1.10"),
      why: "the cheapest of all 2 offers",
      next: {
        id: "of-dear",
        provider: "lambda",
        account: "lambda",
        instanceType: "gpu_1x_a10-24gb",
        region: "us-west-1",
        capacityType: "on-demand",
        gpuModel: "A10-24GB",
        gpuCount: 1,
        perHour: parseUsd("1.10"),
      },
    }],
  }]);
});

Deno.test("summarizePass() counts pods for which a machine is on its way", () => {
  const first = passOf(buildInput([buildPod("work")], [cheap]));
  const [node] = first.plan.newNodes;
  assert.ok(node);
  const planned = [toPlanned(node, "gpu-0")];
  const [decisions] = summarizePass(passOf(buildInput([buildPod("work")], [cheap], { planned })));
  assert.deepEqual(
    [decisions?.considered, decisions?.planned, decisions?.bought, decisions?.purchases],
    [1, 1, 0, []],
  );
});

Deno.test("summarizePass() leaves pools out that nothing was to be decided for", () => {
  const pools = [buildPool("gpu", { weight: 20 }), buildPool("idle")];
  const pass = passOf(buildInput([buildPod("work")], [cheap], { pools }));
  assert.deepEqual(summarizePass(pass).map(({ pool }) => pool), ["gpu"]);
  assert.deepEqual(summarizePass(passOf(buildInput([], [cheap], { pools }))), []);
});

Deno.test("summarizePass() tells pool by pool why pods are not served, the commonest reason first", () => {
  const pods = [
    ...buildPods(7, "big", { requests: { "nvidia.com/gpu": "64" } }),
    buildPod("picky", { spec: { nodeSelector: { "tgp.io/gpu-model": "H100-SXM5-80GB" } } }),
  ];
  const pools = [buildPool("gpu"), buildPool("other", { paused: true })];
  const [gpu, other] = summarizePass(passOf(buildInput(pods, [cheap], { pools })));
  assert.deepEqual(gpu?.refusals.map(({ kind, pods }) => [kind, pods.count]), [
    ["offers", 7],
    ["offers", 1],
  ]);
  assert.deepEqual(gpu?.refusals[0]?.pods.first.length, 5);
  assert.match(gpu?.refusals[1]?.message ?? "", /H100-SXM5-80GB|requirements/);
  assert.deepEqual(other?.refusals.map(({ kind, pods }) => [kind, pods.count]), [["blocked", 8]]);
  assert.deepEqual([gpu?.considered, gpu?.otherRefused, other?.considered], [8, 0, 8]);
});

Deno.test("summarizePass() leaves out what was planned and not ordered", () => {
  const pass = passOf(buildInput([buildPod("work")], [cheap]), { created: new Map() });
  assert.deepEqual(summarizePass(pass), []);
});

Deno.test("summarizePass() stays small, however much there is to say", () => {
  const pods = Array.from(
    { length: 2_000 },
    (_, index) =>
      buildPod(`pod-${index}-${"x".repeat(200)}`, {
        spec: { nodeSelector: { [`example.com/${"k".repeat(50)}`]: `v${index % 500}` } },
      }),
  );
  const served = buildPods(300, "served");
  const offers = Array.from(
    { length: 300 },
    (_, index) =>
      buildOffer(`of-${index}`, { region: `region-${index}`, price: `1.${100 + index}` }),
  );
  const [decisions] = summarizePass(passOf(buildInput([...pods, ...served], offers)));
  assert.ok(decisions);
  assert.equal(decisions.considered, 2_300);
  const told = decisions.refusals.reduce((sum, { pods }) => sum + pods.count, 0);
  assert.equal(told + decisions.otherRefused, 2_000);
  const bytes = Object.values(encodeDecisions(decisions)).join("").length;
  assert.ok(bytes < 65_536, String(bytes));
});
