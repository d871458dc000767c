import assert from "node:assert/strict";
import { createDimensions, toResources } from "../../../scheduling/solver/dimensions.ts";
import { readDaemons } from "../../../scheduling/solver/daemons.ts";
import { listOptions, toTemplate } from "../../../scheduling/solver/options.ts";
import type { SolvePool } from "../../../scheduling/solver.ts";
import type { Offer } from "../../../providers/contract.ts";
import { formatResources, parseResources } from "../../../schemas/quantity.ts";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildClass, buildOffer, buildPod, buildPool } from "../../support/scheduling.ts";

const dimensions = createDimensions([parseResources({ "nvidia.com/gpu": "1", cpu: "1" })]);

function list(
  pools: readonly SolvePool[],
  offers: readonly Offer[],
  rest = {},
  daemons = readDaemons([]),
) {
  const nodeClass = buildClass(offers, rest);
  return listOptions(pools.map((pool) => toTemplate(pool, nodeClass)), daemons, dimensions);
}

Deno.test("listOptions() orders by weight, priority and price, in tiers", () => {
  const offers = [
    buildOffer("dear", { price: "2.00" }),
    buildOffer("cheap", { price: "1.00" }),
    buildOffer("own", { account: "own", price: "9.00" }),
  ];
  const accounts = [{ name: "lambda", priority: 0 }, { name: "own", priority: -5 }];
  const pools = [buildPool("light", { weight: 1 }), buildPool("b"), buildPool("a")];
  const options = list(pools, offers, { accounts });
  assert.deepEqual(
    options.map(({ template, offer, tier }) => [tier, template.pool.name, offer.id]),
    [
      [0, "a", "own"],
      [0, "b", "own"],
      [1, "a", "cheap"],
      [1, "b", "cheap"],
      [1, "a", "dear"],
      [1, "b", "dear"],
      [2, "light", "own"],
      [3, "light", "cheap"],
      [3, "light", "dear"],
    ],
  );
});

const left: readonly [string, Parameters<typeof buildOffer>[1], Partial<SolvePool["spec"]>][] = [
  ["sold-out offers", { available: false }, {}],
  ["offers whose machines could not join", { notJoinable: "it runs containers" }, {}],
  ["suspect prices", { suspect: "odd" }, {}],
  ["offers over the cap", {}, { price: { maxPerHour: parseUsd("0.74") } }],
  ["offers over the cap per GPU", { gpus: 2, price: "3.00" }, {
    price: { maxPerGpuHour: parseUsd("1.49") },
  }],
  ["what the template excludes", {}, {
    template: {
      spec: { requirements: [{ key: labelKeys.country, operator: "In", values: ["de"] }] },
    },
  }],
];
for (const [name, offer, spec] of left) {
  Deno.test(`listOptions() leaves out ${name}`, () => {
    assert.deepEqual(list([buildPool("gpu", spec)], [buildOffer("of-1", offer)]), []);
    assert.equal(list([buildPool("gpu")], [buildOffer("of-1")]).length, 1);
  });
}

Deno.test("listOptions() takes from the room what the daemons take that will run there", () => {
  const daemons = readDaemons([
    buildPod("everywhere", { requests: { cpu: "1" } }),
    buildPod("gpu-only", {
      requests: { cpu: "2" },
      spec: { nodeSelector: { [labelKeys.gpuModel]: "A10-24GB" } },
    }),
    buildPod("unreadable", { requests: { cpu: "?" } }),
    buildPod("tolerant", {
      requests: { cpu: "4" },
      spec: { tolerations: [{ operator: "Exists" }] },
    }),
  ]);
  const room = (spec: Partial<SolvePool["spec"]>, model: string) => {
    const [option] = list(
      [buildPool("gpu", spec)],
      [buildOffer("of-1", { model, cpu: "26" })],
      {},
      daemons,
    );
    return option && formatResources(toResources(dimensions, option.room));
  };
  assert.deepEqual(room({}, "A10-24GB"), { "nvidia.com/gpu": "1", cpu: "19" });
  assert.deepEqual(room({}, "L4-24GB"), { "nvidia.com/gpu": "1", cpu: "21" });
  const tainted = {
    template: { spec: { taints: [{ key: "gpu", effect: "NoSchedule" as const }] } },
  };
  assert.deepEqual(room(tainted, "A10-24GB"), { "nvidia.com/gpu": "1", cpu: "22" });
});
