import assert from "node:assert/strict";
import { emptyQuery, type GpuQuery, parseGpuQuery } from "../../../plugin/offers/gpu_query.ts";

const exactly = (value: number) => ({ min: value, max: value });

const cases: readonly (readonly [text: string, query: Partial<GpuQuery>])[] = [
  ["", {}],
  ["H100", { models: ["H100"] }],
  ["A100:80GB", { models: ["A100"], vramGb: exactly(80) }],
  ["80GB:A100", { models: ["A100"], vramGb: exactly(80) }],
  ["24GB..48GB:1", { vramGb: { min: 24, max: 48 }, count: exactly(1) }],
  ["24..48GB", { vramGb: { min: 24, max: 48 } }],
  ["80gb..", { vramGb: { min: 80, max: undefined } }],
  ["nvidia:4..8", { vendor: "nvidia", count: { min: 4, max: 8 } }],
  ["AMD", { vendor: "amd" }],
  ["H100-SXM:8", { models: ["H100-SXM"], count: exactly(8) }],
  ["RTX4090, RTX5090", { models: ["RTX4090", "RTX5090"] }],
  ["..2", { count: { min: undefined, max: 2 } }],
  ["H100-SXM5-80GB", { models: ["H100-SXM5-80GB"] }],
];

for (const [text, query] of cases) {
  Deno.test(`parseGpuQuery("${text}")`, () => {
    assert.deepEqual(parseGpuQuery(text), { ...emptyQuery, ...query });
  });
}

for (
  const [text, says] of [
    ["H100:", /a part is empty/],
    ["H100::8", /a part is empty/],
    ["H100,,A100", /a model between commas is empty/],
    ["8:4", /says twice which count/],
    ["H100:A100", /says twice which model; separate models with commas/],
    ["80GB:40GB", /says twice which memory/],
  ] as const
) {
  Deno.test(`parseGpuQuery("${text}") is refused`, () => {
    assert.throws(() => parseGpuQuery(text), { name: "UsageError", message: says });
  });
}
