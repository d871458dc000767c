import assert from "node:assert/strict";
import { NativeGpus } from "../../../providers/offers/native_gpus.ts";

const gpus = new NativeGpus(
  "Cloud",
  new Map([
    ["NVIDIA A30", "A30-24GB"],
    ["NVIDIA GeForce RTX 3080", "RTX-3080-10GB"],
    ["NVIDIA GeForce RTX 3080TI", "RTX-3080-TI-12GB"],
    ["NVIDIA GeForce RTX 3080 Ti", "RTX-3080-TI-12GB"],
  ]),
);

Deno.test("find() reads exact names, whatever their spaces", () => {
  for (const native of ["NVIDIA A30", "NVIDIA  A30", " NVIDIA A30\n"]) {
    assert.equal(gpus.find(native)?.id, "A30-24GB");
  }
  for (const native of ["NVIDIA A3", "A30", "nvidia a30", ""]) {
    assert.equal(gpus.find(native), undefined);
  }
});

Deno.test("find() does not take a card for its namesake with other memory", () => {
  assert.equal(gpus.find("NVIDIA GeForce RTX 3080", 10)?.id, "RTX-3080-10GB");
  assert.equal(gpus.find("NVIDIA GeForce RTX 3080", 12), undefined);
  assert.equal(gpus.find("NVIDIA A30", 23.7)?.id, "A30-24GB");
});

Deno.test("toNative() sends the first of several names, and lists candidates", () => {
  assert.equal(gpus.toNative("rtx-3080-ti-12gb"), "NVIDIA GeForce RTX 3080TI");
  assert.throws(() => gpus.toNative("RTX 3080"), {
    name: "RangeError",
    message:
      'Cannot tell which GPU "RTX 3080" is at Cloud: write one of RTX-3080-TI-12GB, RTX-3080-10GB',
  });
  assert.throws(() => gpus.toNative("H100"), {
    name: "RangeError",
    message: 'Cannot find GPU "H100" at Cloud: it sells A30-24GB, RTX-3080-10GB, RTX-3080-TI-12GB',
  });
});
