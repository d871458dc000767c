import assert from "node:assert/strict";
import { needsPlacement, selectPlaces } from "../../../providers/lambda/placement.ts";
import type { WirePlacement } from "../../../providers/lambda/wire.ts";
import type { LambdaOptions } from "../../../schemas/clouds/lambda.ts";

const east = { name: "us-east-1" };
const west = { name: "us-west-1" };
const known: WirePlacement = {
  filesystems: [{ name: "data", region: east }, { name: "more", region: west }],
  rulesets: [{ id: "r-east", region: east }, { id: "r-west", region: west }],
  images: [
    { id: "i-1", family: "stack", architecture: "x86_64", region: east },
    { id: "i-2", family: "stack", architecture: "arm64", region: west },
    { id: "i-3", family: "base", architecture: "x86_64", region: west },
  ],
};

function places(options: Partial<LambdaOptions>): string[] {
  const allows = selectPlaces({ sshKeyName: "key", ...options }, known);
  assert.ok(typeof allows === "function");
  return ["us-east-1", "us-west-1"].flatMap((region) =>
    (["amd64", "arm64"] as const).filter((arch) => allows(region, arch))
      .map((arch) => `${region}/${arch}`)
  );
}

Deno.test("selectPlaces() keeps machines where what they name is", () => {
  const east = ["us-east-1/amd64", "us-east-1/arm64"];
  assert.equal(places({}).length, 4);
  assert.deepEqual(places({ filesystems: ["data"] }), east);
  assert.deepEqual(places({ firewallRulesetIDs: ["r-east"] }), east);
  assert.deepEqual(places({ filesystems: ["data"], firewallRulesetIDs: ["r-west"] }), []);
  assert.deepEqual(places({ imageFamily: "stack" }), ["us-east-1/amd64", "us-west-1/arm64"]);
  assert.deepEqual(places({ imageID: "i-3" }), ["us-west-1/amd64"]);
  assert.deepEqual(places({ imageFamily: "stack", filesystems: ["more"] }), ["us-west-1/arm64"]);
});

Deno.test("selectPlaces() names what does not exist, the field, and what there is", () => {
  const cases: [Partial<LambdaOptions>, string][] = [
    [
      { filesystems: ["gone"] },
      'Filesystem "gone" does not exist in the Lambda account: change lambda.filesystems; the account has data, more',
    ],
    [
      { firewallRulesetIDs: ["r"] },
      'Firewall ruleset "r" does not exist in the Lambda account: change lambda.firewallRulesetIDs; the account has r-east, r-west',
    ],
    [
      { imageFamily: "x" },
      'Image family "x" does not exist in the Lambda account: change lambda.imageFamily; the account has base, stack',
    ],
    [
      { imageID: "i" },
      'Image "i" does not exist in the Lambda account: change lambda.imageID',
    ],
  ];
  for (const [options, problem] of cases) {
    assert.deepEqual(selectPlaces({ sshKeyName: "key", ...options }, known), { problem });
  }
});

Deno.test("needsPlacement() asks only if something is named", () => {
  assert.equal(needsPlacement({ sshKeyName: "key", filesystems: [] }), false);
  assert.equal(needsPlacement({ sshKeyName: "key", filesystems: ["data"] }), true);
  assert.equal(needsPlacement({ sshKeyName: "key", imageFamily: "stack" }), true);
});
