import assert from "node:assert/strict";
import fc from "fast-check";
import type { LaunchRequest } from "../../../providers/contract.ts";
import {
  maxUserDataBytes,
  toInstance,
  toLaunchBody,
  toLocation,
} from "../../../providers/lambda/map.ts";
import { instancesAnswerSchema } from "../../../providers/lambda/wire.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { parseLaunchOrder } from "../../../sim/clouds/lambda/launch_request.ts";

const fixture = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/lambda/instances.json", import.meta.url)),
);

const request: LaunchRequest = {
  name: "tgp-abc123-train-7f3k2x",
  claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
  nodePool: "train",
  instanceType: "gpu_1x_a10",
  region: "us-east-1",
  capacityType: "on-demand",
  workload: { kind: "machine", userData: "#cloud-config\n" },
  sendBefore: 0,
};

Deno.test("toInstance() reads machines as they come, odd ones included", () => {
  const instances = instancesAnswerSchema.parse(fixture).data
    .map((wire) => toInstance(wire, "abc123"));
  const [active, booting, odd, renamed] = instances;
  assert.deepEqual(active, {
    id: "7c1e0b5f9d2a4e7f8b6c3d1a2f4e5b90",
    name: "tgp-abc123-train-7f3k2x",
    state: "running",
    rawState: "active",
    ownership: { kind: "ours", claimName: "tgp-abc123-train-7f3k2x" },
    instanceType: "gpu_1x_a10",
    region: "us-east-1",
    addresses: ["203.0.113.24", "10.19.60.24"],
    pricePerHour: parseUsd("1.29"),
    providerID: "lambda:///7c1e0b5f9d2a4e7f8b6c3d1a2f4e5b90",
    launchedAt: 1_767_225_600_000,
  });
  assert.deepEqual(booting?.ownership, { kind: "ours", claimName: "tgp-abc123-train-aaaaaa" });
  assert.deepEqual([booting.state, booting.addresses], ["booting", []]);
  assert.deepEqual(
    [odd?.state, odd?.rawState, odd?.ownership.kind],
    ["unknown", "contactable", "foreign"],
  );
  assert.deepEqual(renamed?.ownership, { kind: "otherCluster", cluster: "zzz999" });
  assert.deepEqual(
    [renamed.state, renamed.addresses, renamed.pricePerHour, renamed.launchedAt],
    ["terminated", [], undefined, undefined],
  );
});

Deno.test("toInstance() tells whose machine it is, by tag or else by name", () => {
  const tag = (cluster: string, managedBy = "tgp") => [
    { key: "managed-by", value: managedBy },
    { key: "tgp:cluster", value: cluster },
    { key: "tgp:claim", value: "the-claim" },
  ];
  const cases: [string, string | undefined, ReturnType<typeof tag> | undefined, string][] = [
    ["tag and name", "tgp-abc123-p-x", tag("abc123"), "ours the-claim"],
    ["renamed", "my-machine", tag("abc123"), "ours the-claim"],
    ["name only", "tgp-abc123-p-x", undefined, "ours tgp-abc123-p-x"],
    [
      "name only, other tags",
      "tgp-abc123-p-x",
      [{ key: "team", value: "a" }],
      "ours tgp-abc123-p-x",
    ],
    ["tag of another cluster wins", "tgp-abc123-p-x", tag("zzz999"), "otherCluster zzz999"],
    ["another's name", "tgp-zzz999-p-x", undefined, "otherCluster zzz999"],
    ["somebody else's tags", "other", tag("abc123", "acme"), "foreign "],
    ["not our shape", "tgp-abc12-p", undefined, "foreign "],
    ["prefix only", "tgp-abc123", undefined, "foreign "],
    ["nothing", undefined, undefined, "foreign "],
  ];
  for (const [what, name, tags, expected] of cases) {
    const { ownership } = toInstance(
      { id: "i", status: "active", name, ip: undefined, private_ip: undefined, tags },
      "abc123",
    );
    const detail = ownership.kind === "ours"
      ? ownership.claimName
      : ownership.kind === "otherCluster"
      ? ownership.cluster
      : "";
    assert.equal(`${ownership.kind} ${detail}`, expected, what);
  }
});

Deno.test("toLaunchBody() writes name, host name and tags the vendor takes", () => {
  const options = {
    sshKeyName: "key",
    imageFamily: "lambda-stack-24-04",
    filesystems: ["data"],
    firewallRulesetIDs: ["r1"],
  };
  const body = toLaunchBody(request, options, "abc123", 1_767_225_600_999);
  assert.deepEqual(body, {
    region_name: "us-east-1",
    instance_type_name: "gpu_1x_a10",
    ssh_key_names: ["key"],
    name: "tgp-abc123-train-7f3k2x",
    hostname: "tgp-abc123-train-7f3k2x",
    user_data: "#cloud-config\n",
    tags: [
      { key: "managed-by", value: "tgp" },
      { key: "tgp:cluster", value: "abc123" },
      { key: "tgp:claim", value: "tgp-abc123-train-7f3k2x" },
      { key: "tgp:claim-uid", value: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f" },
      { key: "tgp:pool", value: "train" },
      { key: "launched-at", value: "1767225600" },
    ],
    image: { family: "lambda-stack-24-04" },
    file_system_names: ["data"],
    firewall_rulesets: [{ id: "r1" }],
  });
});

Deno.test("toLaunchBody() writes the image by id, or not at all", () => {
  const image = (options: object) =>
    (toLaunchBody(request, { sshKeyName: "key", ...options }, "abc123", 0) as { image?: unknown })
      .image;
  assert.deepEqual(image({ imageID: "an-id" }), { id: "an-id" });
  assert.equal(image({}), undefined);
});

Deno.test("toLaunchBody() says what the vendor would refuse", () => {
  const cases: [Partial<LaunchRequest>, RegExp][] = [
    [{ name: "Upper" }, /not a host name/],
    [{ name: "x".repeat(64) }, /not a host name/],
    [{ capacityType: "spot" }, /on-demand capacity only/],
    [{ workload: { kind: "machine", userData: "é".repeat(500_001) } }, /larger than 1000000 bytes/],
    [{
      workload: { kind: "container", image: "", args: [], env: {}, ports: [], diskGb: 1 },
    }, /machines, not containers/],
  ];
  for (const [change, expected] of cases) {
    const body = toLaunchBody({ ...request, ...change }, { sshKeyName: "key" }, "abc123", 0);
    assert.match("problem" in body ? body.problem : "", expected);
  }
  assert.equal(maxUserDataBytes, 1_000_000);
});

Deno.test("what toLaunchBody() writes, the vendor's checks accept", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,10}$/);
  fc.assert(fc.property(word, fc.string(), fc.string({ maxLength: 300 }), (pool, text, uid) => {
    const change = {
      name: `tgp-abc123-${pool}-q7x2k9`,
      nodePool: text,
      claimUid: uid,
      workload: { kind: "machine", userData: text } as const,
    };
    const body = toLaunchBody({ ...request, ...change }, { sshKeyName: "key" }, "abc123", 1e12);
    assert.equal(parseLaunchOrder(body).name, change.name);
  }));
});

Deno.test("toLocation() knows countries, and passes unknown codes through", () => {
  assert.deepEqual(toLocation("us-west-2"), {
    region: "us-west-2",
    country: "us",
    continent: "na",
    label: "lambda-us-west-2",
  });
  assert.deepEqual(toLocation("mars-1"), {
    region: "mars-1",
    country: undefined,
    continent: undefined,
    label: "lambda-mars-1",
  });
});
