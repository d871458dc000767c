import assert from "node:assert/strict";
import type { LaunchRequest, Workload } from "../../../providers/contract.ts";
import type { RunpodOrder } from "../../../providers/runpod/api.ts";
import { runpodMarks } from "../../../providers/runpod/map.ts";
import { type OrderContext, toOrder } from "../../../providers/runpod/order.ts";
import { canaryEnvironment, containerOrder } from "./runpod_world.ts";

const name = "tgp-abc123-train-q7x2k9";
const secure: OrderContext = {
  clusterId: "abc123",
  cloud: "SECURE",
  capacityTypes: ["on-demand"],
  placesByCountry: false,
};
const community: OrderContext = {
  ...secure,
  cloud: "COMMUNITY",
  capacityTypes: ["on-demand", "spot"],
  placesByCountry: true,
};

function write(change: Partial<LaunchRequest> = {}, context = secure): RunpodOrder {
  const order = toOrder(containerOrder(name, 0, change), context);
  assert.ok(!("problem" in order), JSON.stringify(order));
  return order;
}

function refuse(change: Partial<LaunchRequest>, context = secure): string {
  const order = toOrder(containerOrder(name, 0, change), context);
  assert.ok("problem" in order);
  return order.problem;
}

function container(change: Partial<Workload & { kind: "container" }>): Partial<LaunchRequest> {
  const { workload } = containerOrder(name, 0);
  return { workload: { ...workload, ...change } as Workload };
}

Deno.test("toOrder() marks the pod as ours beside the environment of the container", () => {
  const order = write();
  assert.deepEqual(order.env, {
    API_TOKEN: canaryEnvironment,
    [runpodMarks.cluster]: "abc123",
    [runpodMarks.claim]: name,
    [runpodMarks.claimUid]: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
    [runpodMarks.pool]: "train",
  });
  assert.deepEqual([order.name, order.spot, order.args], [name, false, "train --steps=10"]);
  assert.deepEqual(order.shape, { gpuId: "NVIDIA GeForce RTX 4090", count: 1 });
});

Deno.test("a container cannot pass itself off as another cluster's", () => {
  const order = write(container({ env: { [runpodMarks.cluster]: "zzz999" } }));
  assert.equal(order.env[runpodMarks.cluster], "abc123");
});

Deno.test("places go in upper case; without one RunPod chooses", () => {
  assert.equal(write({ region: "eu-ro-1" }).place, "EU-RO-1");
  assert.equal(write({ region: "" }).place, undefined);
  assert.equal(write({ region: "cz" }, community).place, "CZ");
});

Deno.test("arguments go as words, or as JSON where words could be read differently", () => {
  const args = (...args: string[]) => write(container({ args })).args;
  assert.equal(args(), undefined);
  assert.equal(args("train", "--lr=1e-4", "a/b:c"), "train --lr=1e-4 a/b:c");
  assert.equal(args("sh", "-c", "a && b"), '{"cmd":["sh","-c","a && b"]}');
  assert.equal(args(""), '{"cmd":[""]}');
  assert.equal(args('{"cmd":["x"]}'), JSON.stringify({ cmd: ['{"cmd":["x"]}'] }));
});

Deno.test("what cannot be written is said in words", () => {
  const machine: Workload = { kind: "machine", userData: "#cloud-config" };
  const many = Object.fromEntries(Array.from({ length: 47 }, (_, n) => [`V${n}`, "x"]));
  const http = Array.from({ length: 11 }, (_, n) => `${8000 + n}/http`);
  const cases: readonly (readonly [Partial<LaunchRequest>, RegExp, OrderContext?])[] = [
    [{ workload: machine }, /^RunPod rents containers, not machines/],
    [{ name: "Not A Host Name" }, /is not a host name/],
    [{ capacityType: "spot" }, /rents on-demand, not spot/],
    [{ capacityType: "reserved" }, /rents on-demand, spot, not reserved/, community],
    [{ instanceType: "gpu_1x_a10" }, /is not a count and a GPU type/],
    [{ region: "CZ" }, /"CZ" is no place of Secure Cloud/],
    [{ region: "EU-RO-1" }, /"EU-RO-1" is no place of Community Cloud/, community],
    [{ region: "CZ" }, /REST cannot place/, { ...community, placesByCountry: false }],
    [container({ image: " " }), /has no image/],
    [container({ env: many }), /has 51 environment variables/],
    [container({ env: { "A=B": "x" } }), /is not a name of an environment variable/],
    [container({ ports: ["53/udp"] }), /port "53\/udp"/],
    [container({ ports: http }), /11 HTTP ports/],
    [container({ diskGb: 0 }), /disk of 0 GB/],
    [container({ diskGb: 1.5 }), /disk of 1.5 GB/],
  ];
  for (const [change, problem, context] of cases) assert.match(refuse(change, context), problem);
});
