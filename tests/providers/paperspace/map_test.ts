import assert from "node:assert/strict";
import fc from "fast-check";
import type { LaunchRequest } from "../../../providers/contract.ts";
import { findOrderProblem, toCreateBody, toInstance } from "../../../providers/paperspace/map.ts";
import { machineSchema } from "../../../providers/paperspace/wire.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { createMachineInput } from "../../../sim/clouds/paperspace/inputs.ts";

const machine = {
  id: "psk3v9x1qd7a",
  name: "tgp-abc123-train-q7x2k9",
  state: "ready",
  machineType: "A4000",
  ram: "48318382080",
  region: "East Coast (NY2)",
  privateIp: "10.64.21.47",
  publicIp: "203.0.113.24",
  publicIpType: "dynamic",
  usageRate: 0.76,
  storageRate: 0.0104,
  dtCreated: "2026-01-01T00:00:00.377Z",
  dtModified: "2026-01-01T00:01:00.000Z",
  dtDeleted: null,
};

const read = (change: Record<string, unknown> = {}) =>
  toInstance(machineSchema.parse({ ...machine, ...change }), "abc123");

const request: LaunchRequest = {
  name: "tgp-abc123-train-q7x2k9",
  claimUid: "5f0c0f3e-9d7d-4c51-8a3c-0f4f8c1d2e3f",
  nodePool: "train",
  instanceType: "A4000",
  region: "ny2",
  capacityType: "on-demand",
  workload: { kind: "machine", userData: "true\n" },
  sendBefore: 0,
};

Deno.test("toInstance() keeps a long id whole, and no region that would not fit beside it", () => {
  const id = "p".repeat(1024);
  const instance = read({ id, region: "r".repeat(129) });
  assert.equal(instance.id, id);
  assert.equal(instance.providerID, `paperspace:///${id}`);
});

Deno.test("toInstance() reads a machine", () => {
  assert.deepEqual(read(), {
    id: "psk3v9x1qd7a",
    name: "tgp-abc123-train-q7x2k9",
    state: "running",
    rawState: "ready",
    ownership: { kind: "ours", claimName: "tgp-abc123-train-q7x2k9" },
    instanceType: "A4000",
    region: "ny2",
    addresses: ["203.0.113.24", "10.64.21.47"],
    pricePerHour: parseUsd("0.7704"),
    providerID: "paperspace://ny2/psk3v9x1qd7a",
    launchedAt: Date.UTC(2026, 0, 1, 0, 0, 0, 377),
  });
});

Deno.test("toInstance() knows every documented state, and keeps others in sight", () => {
  const cases = [
    ["provisioning", "booting"],
    ["starting", "booting"],
    ["restarting", "booting"],
    ["upgrading", "booting"],
    ["serviceready", "booting"],
    ["ready", "running"],
    ["stopping", "stopped"],
    ["off", "stopped"],
    ["hibernating", "unknown"],
    ["toString", "unknown"],
    ["constructor", "unknown"],
  ] as const;
  for (const [state, expected] of cases) {
    assert.deepEqual([read({ state }).state, read({ state }).rawState], [expected, state]);
  }
  assert.equal(read({ dtDeleted: "2026-01-01T01:00:00.000Z" }).state, "terminating");
});

Deno.test("toInstance() counts the static address, and does not guess a rate", () => {
  assert.equal(read({ publicIpType: "static" }).pricePerHour, parseUsd("0.7749"));
  assert.equal(read({ storageRate: null }).pricePerHour, parseUsd("0.76"));
  for (const usageRate of [null, undefined, -1, "0.76", NaN]) {
    assert.equal(read({ usageRate }).pricePerHour, undefined);
  }
});

Deno.test("toInstance() keeps a machine whose other fields have changed shape", () => {
  const odd = read({
    name: 17,
    machineType: null,
    region: {},
    privateIp: 5,
    publicIp: "not an address",
    publicIpType: [],
    dtCreated: "yesterday",
    dtModified: 3,
    dtDeleted: undefined,
  });
  assert.deepEqual(
    [odd.state, odd.ownership, odd.region, odd.addresses, odd.launchedAt, odd.name],
    ["running", { kind: "foreign" }, undefined, [], undefined, undefined],
  );
});

Deno.test("toInstance() tells whose machine it is by name alone", () => {
  assert.deepEqual(read({ name: "tgp-zzz999-train-q7x2k9" }).ownership, {
    kind: "otherCluster",
    cluster: "zzz999",
  });
  assert.deepEqual(read({ name: "fleet-7f3a-worker-0" }).ownership, { kind: "foreign" });
});

Deno.test("toCreateBody() says everything that has a default", () => {
  const boot = { templateId: "t0nspur5", diskGb: 100, available: true } as const;
  const parts = { region: "ny2", boot, startupScriptId: "sc5d8v2k1m" } as const;
  assert.deepEqual(toCreateBody(request, parts, {}), {
    name: "tgp-abc123-train-q7x2k9",
    machineType: "A4000",
    templateId: "t0nspur5",
    diskSize: 100,
    region: "ny2",
    publicIpType: "dynamic",
    startOnCreate: true,
    startupScriptId: "sc5d8v2k1m",
    emailPassword: false,
    autoShutdownEnabled: false,
  });
  const options = { networkID: "nw4k2v8m", publicIPType: "Static" } as const;
  const body = toCreateBody(request, parts, options);
  assert.deepEqual([body.networkId, body.publicIpType], ["nw4k2v8m", "static"]);
  const none = toCreateBody(request, parts, { publicIPType: "None" });
  assert.equal(none.publicIpType, "none");
});

Deno.test("what toCreateBody() writes, the vendor's checks accept", () => {
  fc.assert(fc.property(
    fc.constantFrom("ny2", "ca1", "ams1"),
    fc.constantFrom(50, 100, 250, 500, 1000, 2000),
    fc.constantFrom("Dynamic", "Static", "None"),
    fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    (region, diskGb, publicIPType, networkID) => {
      const boot = { templateId: "t", diskGb, available: true };
      const options = { publicIPType, ...(networkID !== undefined && { networkID }) };
      const body = toCreateBody(request, { region, boot, startupScriptId: "s" }, options);
      assert.equal(createMachineInput.parse(body).name, request.name);
    },
  ));
});

Deno.test("findOrderProblem() says what the vendor would refuse", () => {
  assert.equal(findOrderProblem(request), undefined);
  const script = (userData: string) => ({ workload: { kind: "machine", userData } } as const);
  const cases: [Partial<LaunchRequest>, RegExp][] = [
    [{ name: "Upper" }, /not a host name/],
    [{ capacityType: "spot" }, /on-demand capacity only, not spot/],
    [{
      workload: { kind: "container", image: "", args: [], env: {}, ports: [], diskGb: 1 },
    }, /machines, not containers/],
    [script("é".repeat(8_001)), /larger than 16000 bytes/],
    [{ region: "East Coast (NY2)" }, /is none of ny2, ca1, ams1/],
    [{ region: "toString" }, /is none of/],
    [{ instanceType: "C2" }, /"C2" is not in our table/],
  ];
  for (const [change, expected] of cases) {
    assert.match(findOrderProblem({ ...request, ...change }) ?? "", expected);
  }
  assert.equal(findOrderProblem({ ...request, ...script("é".repeat(8_000)) }), undefined);
});
