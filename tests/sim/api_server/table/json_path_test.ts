import assert from "node:assert/strict";
import { parseJsonPath } from "../../../../sim/api_server/table/json_path.ts";

const object = {
  spec: { size: "big", list: [{ name: "a", n: 1 }, { name: "b", n: 2 }], "odd.key": "x" },
  metadata: { labels: { "tgp.io/pool": "p" } },
  status: { conditions: [{ type: "Ready", status: "True" }, { type: "Other", status: "False" }] },
};

Deno.test.each([
  [".spec.size", ["big"]],
  ["{.spec.size}", ["big"]],
  ["spec.size", ["big"]],
  [".spec.list[1].name", ["b"]],
  [".spec.list[*].name", ["a", "b"]],
  [".spec.list[5].name", []],
  [".spec.none.deeper", []],
  ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
  [".status.conditions[?(@.type=='Ready')].status", ["True"]],
  ['.status.conditions[?(@.type!="Ready")].status', ["False"]],
  [".spec.list[?(@.n==2)].name", ["b"]],
  [String.raw`.metadata.labels.tgp\.io/pool`, ["p"]],
  ["['metadata']['labels']['tgp.io/pool']", ["p"]],
])("parseJsonPath(%s)", (path, expected) => {
  assert.deepEqual(parseJsonPath(path)?.(object), expected);
});

Deno.test("parseJsonPath() refuses what it does not read", () => {
  for (const path of ["..spec", ".spec[", ".spec[?(@.a>1)]", ".spec[1:2]"]) {
    assert.equal(parseJsonPath(path), undefined, path);
  }
});
