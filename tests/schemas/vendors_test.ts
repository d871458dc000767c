import assert from "node:assert/strict";
import { compareDocuments, type ComparisonOptions } from "../support/compare_documents.ts";
import {
  type ApiDocument,
  readOurDocument,
  readVendorDocument,
} from "../support/vendor_documents.ts";

interface Vendor extends ComparisonOptions {
  readonly ours: string;
  readonly theirs: string;
}

const vendors: readonly Vendor[] = [
  { ours: "lambda.openapi.yaml", theirs: "lambda.openapi.json", prefix: "/api/v1" },
];

for (const vendor of vendors) {
  const theirs = await readVendorDocument(vendor.theirs);
  Deno.test({
    name: `schemas/vendors/${vendor.ours} agrees with the vendor's document`,
    ignore: theirs === undefined,
    async fn() {
      assert.ok(theirs !== undefined);
      assert.deepEqual(compareDocuments(await readOurDocument(vendor.ours), theirs, vendor), []);
    },
  });
}

const ours = await readOurDocument("lambda.openapi.yaml");
const prefix = "/api/v1";

/** A vendor's document with one thing changed. */
function change(edit: (document: ReturnType<typeof toVendorShape>) => void): ApiDocument {
  const document = toVendorShape(ours);
  edit(document);
  return document as unknown as ApiDocument;
}

/** Our document with the vendor's paths, to change one thing at a time. */
// deno-lint-ignore no-explicit-any
function toVendorShape(document: ApiDocument): any {
  const copy = structuredClone(document);
  const paths = Object.entries(copy.paths).map(([path, item]) => [prefix + path, item]);
  return { ...copy, paths: Object.fromEntries(paths) };
}

Deno.test("compareDocuments() finds nothing between equals", () => {
  assert.deepEqual(compareDocuments(ours, change(() => {}), { prefix }), []);
});

Deno.test("compareDocuments() names every kind of change", () => {
  const schemas = "components";
  const cases: [string, ApiDocument, RegExp][] = [
    ["an operation is gone", change((d) => delete d.paths["/api/v1/regions"]), /no such operation/],
    [
      "a field is gone",
      change((d) => delete d[schemas].schemas.InstanceType.properties.price_cents_per_hour),
      /price_cents_per_hour: the vendor has no such field/,
    ],
    [
      "a field changes its type",
      change((d) =>
        d[schemas].schemas.InstanceType.properties.price_cents_per_hour.type = "string"
      ),
      /the vendor sends string, we expect integer/,
    ],
    [
      "a field is no longer promised",
      change((d) => d[schemas].schemas.Instance.required = ["id"]),
      /status: required by us, not promised/,
    ],
    [
      "a request needs more",
      change((d) => d[schemas].schemas.LaunchRequest.required.push("name")),
      /name: required by the vendor/,
    ],
    [
      "a limit changes",
      change((d) => d[schemas].schemas.LaunchRequest.properties.name.maxLength = 32),
      /maxLength is 64 here, 32 there/,
    ],
    [
      "a status is new",
      change((d) =>
        d.paths["/api/v1/instances"].get.responses["418"] = { $ref: "#/components/responses/Error" }
      ),
      /answers 418/,
    ],
    [
      "a value is new",
      change((d) => d[schemas].schemas.InstanceStatus.anyOf[0].enum.push("dreaming")),
      /names "dreaming"/,
    ],
  ];
  for (const [what, document, expected] of cases) {
    const differences = compareDocuments(ours, document, { prefix });
    assert.ok(
      differences.some((difference) => expected.test(difference)),
      `${what}: ${differences}`,
    );
  }
});
