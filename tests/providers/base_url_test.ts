import assert from "node:assert/strict";
import { replaceOrigin } from "../../providers/base_url.ts";

const vendor = "https://cloud.example.com/api/v1";

Deno.test("replaceOrigin() replaces scheme and host and keeps the vendor's path", () => {
  const cases: [string | undefined, string][] = [
    [undefined, vendor],
    ["", vendor],
    ["http://127.0.0.1:9001", "http://127.0.0.1:9001/api/v1"],
    ["http://127.0.0.1:9001/", "http://127.0.0.1:9001/api/v1"],
    ["https://proxy.example", "https://proxy.example/api/v1"],
  ];
  for (const [replacement, expected] of cases) {
    assert.equal(replaceOrigin(vendor, replacement, "TGP_X_URL"), expected);
  }
});

Deno.test("replaceOrigin() refuses anything else, names the variable, hides passwords", () => {
  const cases: [string, RegExp][] = [
    ["127.0.0.1:9001", /TGP_X_URL: it is not a URL|its scheme/],
    ["ftp://host", /its scheme is "ftp:"/],
    ["http://user:hunter2@host", /user name or password/],
    ["http://host/api/v2", /it has a path \("\/api\/v2"\)/],
    ["http://host/?key=hunter2", /it has a path/],
    ["not a url", /it is not a URL/],
  ];
  for (const [replacement, expected] of cases) {
    assert.throws(() => replaceOrigin(vendor, replacement, "TGP_X_URL"), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});
