import assert from "node:assert/strict";
import { compareDocuments, type ComparisonOptions } from "../support/compare_documents.ts";
import { fromOpenApi30 } from "../support/from_openapi_30.ts";
import { joinAllOf } from "../support/join_all_of.ts";
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
  {
    ours: "paperspace.openapi.yaml",
    theirs: "paperspace.openapi.json",
    // The vendor writes it into the server's address.
    prefix: "",
    meant: new Set([
      // The vendor's own command line asks it before it creates a machine; no document has it any more.
      "GET /billing/account-standing: the vendor has no such operation",
    ]),
  },
  {
    ours: "runpod-rest.openapi.yaml",
    theirs: "runpod-rest-v2.openapi.json",
    prefix: "/v2",
    meant: new Set([
      // A client of September 2026 follows pages that the document does not have yet.
      "GET /pods 200.pagination: the vendor has no such field",
      "GET /pods: the vendor has no query cursor",
    ]),
  },
];

for (const vendor of vendors) {
  const theirs = await readVendorDocument(vendor.theirs);
  Deno.test({
    name: `schemas/vendors/${vendor.ours} agrees with the vendor's document`,
    ignore: theirs === undefined,
    async fn() {
      assert.ok(theirs !== undefined);
      const differences = compareDocuments(
        await readOurDocument(vendor.ours),
        joinAllOf(fromOpenApi30(theirs)),
        vendor,
      );
      assert.deepEqual(differences, []);
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

const paperspace = await readOurDocument("paperspace.openapi.yaml");

/** Paperspace's document with one thing changed, on the vendor's side. */
// deno-lint-ignore no-explicit-any
function changePaperspace(edit: (document: any) => void): readonly string[] {
  const copy = structuredClone(paperspace);
  edit(copy);
  return compareDocuments(paperspace, copy, { prefix: "" });
}

Deno.test("compareDocuments() looks into what may be null, however that is written", () => {
  const session = (d: { components: { schemas: { Session: { required: string[] } } } }) =>
    d.components.schemas.Session;
  assert.match(
    String(changePaperspace((d) => session(d).required = [])),
    /session 200\.team: required by us/,
  );
  const asAlternative = changePaperspace((d) => {
    const { accelerators } = d.components.schemas.Machine.properties;
    const { type: _, ...rest } = accelerators;
    d.components.schemas.Machine.properties.accelerators = {
      anyOf: [{ ...rest, type: "array" }, { type: "null" }],
    };
  });
  assert.deepEqual(asAlternative, []);
});

Deno.test("compareDocuments() takes integers for numbers, not the other way round", () => {
  const cpus = (type: string) =>
    changePaperspace((d) => d.components.schemas.Machine.properties.cpus = { type });
  assert.deepEqual(cpus("integer"), []);
  const diskSize = (type: string) =>
    changePaperspace((d) => d.components.schemas.CreateMachine.properties.diskSize.type = type);
  assert.deepEqual(diskSize("number"), []);
  assert.match(
    String(changePaperspace((d) => d.components.schemas.DiskSizeGb.anyOf[0].type = "string")),
    /the vendor sends string/,
  );
});

Deno.test("compareDocuments() names values and parameters that the vendor does not take", () => {
  const cases: [(document: ReturnType<typeof JSON.parse>) => void, RegExp][] = [
    [
      (d) => d.components.schemas.CreateMachine.properties.publicIpType.enum = ["static", "none"],
      /we send "dynamic", the vendor does not take it/,
    ],
    [
      (d) => d.components.schemas.CreateMachine.properties.name.enum = ["one"],
      /we send anything, the vendor's set is closed/,
    ],
    [(d) => d.components.parameters.limit.schema.maximum = 100, /maximum is 120 here, 100 there/],
    [(d) => d.paths["/machine-events"].get.parameters.pop(), /has no query machineId/],
    [
      (d) =>
        d.paths["/machines"].get.parameters.push({
          name: "team",
          in: "query",
          required: true,
          schema: { type: "string" },
        }),
      /the vendor requires query team/,
    ],
  ];
  for (const [edit, expected] of cases) assert.match(String(changePaperspace(edit)), expected);
});
