import assert from "node:assert/strict";
import { machineTypes } from "../../../providers/paperspace/machine_types.ts";
import {
  computePerHour,
  diskSizesGb,
  findDiskSize,
  paperspaceBillingIncrement,
} from "../../../providers/paperspace/prices.ts";
import { parseUsd } from "../../../schemas/money.ts";
import {
  simDiskPrices,
  simIpPrice,
  simMachineTypes,
} from "../../../sim/clouds/paperspace/catalog.ts";

function priceOf(label: string, diskGb: 50 | 100 | 500 = 100, staticAddress = false) {
  const type = machineTypes.get(label);
  return type && computePerHour(type, { diskGb, staticAddress });
}

Deno.test("prices are all-in: machine, disk, static address", () => {
  assert.equal(priceOf("A4000"), parseUsd("0.7704"));
  assert.equal(priceOf("A4000", 500), parseUsd("0.7972"));
  assert.equal(priceOf("A4000", 100, true), parseUsd("0.7749"));
  assert.equal(priceOf("A4000x4"), parseUsd("3.0504"));
  assert.equal(priceOf("C1", 50), parseUsd("0.0119"));
});

Deno.test("of two prices of one machine the dearer is taken", () => {
  assert.equal(priceOf("H100"), parseUsd("5.9604"));
  assert.equal(priceOf("A100-80G"), parseUsd("3.1904"));
  assert.equal(priceOf("H100x8"), parseUsd("47.6104"));
});

Deno.test("every machine type has a price, which is the simulator's", () => {
  for (const type of machineTypes.values()) {
    for (const diskGb of diskSizesGb) {
      const sim = (simMachineTypes.get(type.label)?.usageRate ?? NaN) +
        (simDiskPrices.get(diskGb)?.perHour ?? NaN) + simIpPrice.perHour;
      assert.equal(
        computePerHour(type, { diskGb, staticAddress: true }),
        Math.round(sim * 1_000_000),
        `${type.label} ${diskGb}`,
      );
    }
  }
  assert.equal(
    computePerHour({ base: "C2", gpuCount: 0 }, { diskGb: 50, staticAddress: false }),
    undefined,
  );
});

Deno.test("disks are rounded up to what is sold", () => {
  const cases: [number, number | undefined][] = [
    [1, 50],
    [50, 50],
    [51, 100],
    [101, 250],
    [1001, 2000],
    [2000, 2000],
    [2001, undefined],
  ];
  for (const [wanted, sold] of cases) assert.equal(findDiskSize(wanted), sold, `${wanted}`);
});

Deno.test("started hours are billed whole", () => {
  assert.equal(paperspaceBillingIncrement, 3_600_000);
});
