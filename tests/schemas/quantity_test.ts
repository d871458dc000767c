import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addResources,
  fitsInto,
  formatQuantity,
  formatResources,
  gibibytes,
  parseQuantity,
  parseResources,
  positiveQuantitySchema,
  type Quantity,
  quantitySchema,
  wholeQuantity,
} from "../../schemas/quantity.ts";

Deno.test("parseQuantity() reads what Kubernetes writes", () => {
  const cases: readonly (readonly [string | number, number])[] = [
    [8, 8000],
    ["8", 8000],
    ["500m", 500],
    ["0.5", 500],
    [".5", 500],
    ["1.5Gi", 1.5 * 1024 ** 3 * 1000],
    ["225Gi", 225 * 1024 ** 3 * 1000],
    ["2k", 2_000_000],
    ["1e3", 1_000_000],
    ["1E3", 1_000_000],
    ["0.0001", 1],
  ];
  for (const [text, milli] of cases) assert.equal(parseQuantity(text), milli, String(text));
});

for (const text of ["", "-1", "1 Gi", "1gi", "Gi", "1..5", "abc", "1e"]) {
  Deno.test(`parseQuantity() refuses "${text}", and says what to write`, () => {
    assert.throws(() => parseQuantity(text), {
      name: "RangeError",
      message:
        `Cannot read quantity "${text}": write a Kubernetes quantity such as "8", "500m" or "225Gi"`,
    });
  });
}

Deno.test("formatQuantity() writes binary suffixes for whole mebibytes and up", () => {
  const written = ["8", "0.5", "1024Mi", "1536Mi", "1000000000", "0"].map((text) =>
    formatQuantity(parseQuantity(text))
  );
  assert.deepEqual(written, ["8", "500m", "1Gi", "1536Mi", "1000000000", "0"]);
});

Deno.test("formatQuantity() and parseQuantity() are inverse", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (milli) => {
    const quantity = milli as Quantity;
    assert.equal(parseQuantity(formatQuantity(quantity)), quantity);
  }));
});

Deno.test("parseResources() names the resource that it cannot read", () => {
  assert.throws(() => parseResources({ cpu: "1", memory: "lots" }), {
    message: /^Resource "memory": Cannot read quantity "lots"/,
  });
  assert.deepEqual(parseResources(undefined), {});
});

Deno.test("addResources() sums by name and changes neither side", () => {
  const left = { cpu: wholeQuantity(1) };
  const right = { cpu: wholeQuantity(2), memory: gibibytes(4) };
  assert.deepEqual(formatResources(addResources(left, right)), { cpu: "3", memory: "4Gi" });
  assert.deepEqual(formatResources(left), { cpu: "1" });
});

Deno.test("fitsInto() takes an absent resource as none", () => {
  const capacity = parseResources({ cpu: "4", "nvidia.com/gpu": "8" });
  assert.ok(fitsInto(parseResources({ cpu: "4" }), capacity));
  assert.ok(!fitsInto(parseResources({ cpu: "4001m" }), capacity));
  assert.ok(!fitsInto(parseResources({ "amd.com/gpu": "1" }), capacity));
  assert.ok(fitsInto(parseResources({ "amd.com/gpu": "0" }), capacity));
});

Deno.test("quantitySchema takes integers and strings, positiveQuantitySchema none that are zero", () => {
  const texts = [
    "8",
    8,
    "500m",
    "0",
    0,
    "0Gi",
    "0.0",
    "00",
    "0e5",
    ".000",
    "0.5",
    "010",
    -1,
    "-1",
    "x",
  ];
  const accepted = (schema: typeof quantitySchema) =>
    texts.filter((text) => schema.safeParse(text).success);
  assert.deepEqual(accepted(quantitySchema), texts.slice(0, -3));
  assert.deepEqual(accepted(positiveQuantitySchema), ["8", 8, "500m", "0.5", "010"]);
});
