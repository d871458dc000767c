import assert from "node:assert/strict";
import { createDeviceTolerance } from "../../../controller/provisioner/device_tolerance.ts";
import type { Resources } from "../../../schemas/quantity.ts";
import { wholeQuantity } from "../../../schemas/quantity.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const gpu = "nvidia.com/gpu";
const expected: Resources = { cpu: wholeQuantity(30), [gpu]: wholeQuantity(8) };
const without: Resources = { cpu: wholeQuantity(29) };
const zero: Resources = { ...without, [gpu]: wholeQuantity(0) };
const minute = 60_000;

function setUp() {
  const clock = new FakeClock();
  const devices = createDeviceTolerance(clock);
  const gpus = (reported: Resources, node = "node") =>
    devices.allocatable(node, reported, expected)[gpu] ?? 0;
  return { clock, gpus, devices };
}

Deno.test("allocatable() keeps GPUs that a node lost a moment ago, and nothing else", () => {
  const { gpus, devices } = setUp();
  assert.equal(gpus(zero), wholeQuantity(8));
  assert.equal(gpus(without), wholeQuantity(8));
  assert.equal(devices.allocatable("node", zero, expected)["cpu"], wholeQuantity(29));
});

Deno.test("allocatable() believes fewer GPUs: some are broken", () => {
  const { gpus } = setUp();
  assert.equal(gpus({ ...without, [gpu]: wholeQuantity(7) }), wholeQuantity(7));
});

Deno.test("allocatable() gives GPUs up after ten minutes, and begins anew when they were back", async () => {
  const { clock, gpus } = setUp();
  gpus(zero);
  await clock.advance(10 * minute);
  assert.equal(gpus(zero), wholeQuantity(8));
  await clock.advance(1);
  assert.equal(gpus(zero), 0);
  assert.equal(gpus({ ...without, [gpu]: wholeQuantity(8) }), wholeQuantity(8));
  assert.equal(gpus(zero), wholeQuantity(8));
});

Deno.test("allocatable() keeps nodes apart", async () => {
  const { clock, gpus } = setUp();
  gpus(zero, "one");
  await clock.advance(11 * minute);
  assert.equal(gpus(zero, "one"), 0);
  assert.equal(gpus(zero, "two"), wholeQuantity(8));
});
