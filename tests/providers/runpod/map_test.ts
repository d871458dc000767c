import assert from "node:assert/strict";
import type { RunpodPod } from "../../../providers/runpod/api.ts";
import { diskPerHour } from "../../../providers/runpod/facts.ts";
import {
  hasWantedPorts,
  parseMoment,
  runpodMarks,
  selectMarks,
  toAddresses,
  toInstance,
  toPricePerHour,
} from "../../../providers/runpod/map.ts";

const pod: RunpodPod = {
  id: "k3v9qz1m7t0wxa",
  name: "tgp-abc123-train-q7x2k9",
  state: "running",
  rawState: "RUNNING",
  bootFailure: undefined,
  marks: new Map(),
  shape: { gpuId: "NVIDIA L4", count: 2 },
  place: "EU-RO-1",
  addresses: ["203.0.113.58"],
  pricePerHour: undefined,
  createdAt: 1_767_225_570_000,
};

Deno.test("toInstance() names the pod as a Node's provider id has it", () => {
  const instance = toInstance(pod, "abc123");
  assert.equal(instance.providerID, "runpod:///k3v9qz1m7t0wxa");
  assert.equal(instance.instanceType, "2x NVIDIA L4");
  assert.equal(instance.launchedAt, pod.createdAt);
  assert.equal(toInstance({ ...pod, shape: undefined }, "abc123").instanceType, "");
});

Deno.test("mark or name is enough to be ours; the mark outranks the name", () => {
  const marked = (cluster: string, claim?: string) =>
    new Map([
      [runpodMarks.cluster, cluster],
      ...(claim === undefined ? [] : [[runpodMarks.claim, claim] as const]),
    ]);
  const ours = { kind: "ours", claimName: "tgp-abc123-train-q7x2k9" } as const;
  const judge = (name: string | undefined, marks: ReadonlyMap<string, string> = new Map()) =>
    toInstance({ ...pod, name, marks }, "abc123").ownership;
  assert.deepEqual(judge("tgp-abc123-train-q7x2k9"), ours);
  assert.deepEqual(judge("renamed", marked("abc123", "tgp-abc123-train-q7x2k9")), ours);
  assert.deepEqual(judge("tgp-abc123-train-q7x2k9", marked("abc123")), ours);
  assert.deepEqual(judge("tgp-abc123-train-q7x2k9", marked("zzz999")), {
    kind: "otherCluster",
    cluster: "zzz999",
  });
  assert.deepEqual(judge("tgp-zzz999-train-q7x2k9"), { kind: "otherCluster", cluster: "zzz999" });
  assert.deepEqual(judge("notebook"), { kind: "foreign" });
  assert.deepEqual(judge(undefined), { kind: "foreign" });
});

Deno.test("selectMarks() keeps nothing of a foreign environment", () => {
  const kept = selectMarks([["API_TOKEN", "hunter2"], [runpodMarks.cluster, "abc123"]]);
  assert.deepEqual([...kept], [[runpodMarks.cluster, "abc123"]]);
});

Deno.test("parseMoment() reads both ways of writing, and nothing else", () => {
  const cases: Readonly<Record<string, number | undefined>> = {
    "2026-08-20T06:16:19.436Z": Date.UTC(2026, 7, 20, 6, 16, 19, 436),
    "2026-08-20T06:16:19Z": Date.UTC(2026, 7, 20, 6, 16, 19),
    "2026-08-20T06:16:19.436123456Z": Date.UTC(2026, 7, 20, 6, 16, 19, 436),
    "2026-08-20 06:16:19.436 +0000 UTC": Date.UTC(2026, 7, 20, 6, 16, 19, 436),
    "2026-08-20 06:16:19 +0000 UTC": Date.UTC(2026, 7, 20, 6, 16, 19),
    "2026-08-20T08:16:19+02:00": Date.UTC(2026, 7, 20, 6, 16, 19),
    "2026-08-19 22:46:19 -0730 XXX": Date.UTC(2026, 7, 20, 6, 16, 19),
    "2026-13-20T06:16:19Z": undefined,
    "2026-08-20T06:16:19": undefined,
    "Thu Aug 20 2026": undefined,
    "1767225570": undefined,
    "": undefined,
  };
  for (const [text, moment] of Object.entries(cases)) assert.equal(parseMoment(text), moment, text);
  assert.equal(parseMoment(undefined), undefined);
});

Deno.test("a price holds the disk, and nothing once the pod has stopped", () => {
  assert.equal(toPricePerHour("running", 1.38, 60), 1_380_000 + diskPerHour(60));
  // Zero is what REST says of a pod that does not run yet, and it bills from the order on.
  assert.equal(toPricePerHour("booting", 0, 60), undefined);
  assert.equal(toPricePerHour("booting", 1.38, 60), 1_380_000 + diskPerHour(60));
  assert.equal(toPricePerHour("running", 1.38, undefined), 1_380_000);
  assert.equal(toPricePerHour("stopped", 1.38, 60), 0);
  assert.equal(toPricePerHour("terminated", 1.38, 60), 0);
  // Whatever it is, it may bill.
  assert.equal(toPricePerHour("unknown", 1.38, undefined), 1_380_000);
  assert.equal(toPricePerHour("running", undefined, 60), undefined);
});

Deno.test("disk costs 0.10 USD for a GB and a month, rounded up", () => {
  assert.equal(diskPerHour(50), 6_945);
  assert.equal(diskPerHour(0), 0);
});

Deno.test("only TCP ports have to be mapped", () => {
  const ssh = { port: 22, ip: "203.0.113.58" };
  assert.equal(hasWantedPorts(["22/tcp", "8080/http"], [ssh]), true);
  assert.equal(hasWantedPorts(["22/tcp", "5000/tcp"], [ssh]), false);
  assert.equal(hasWantedPorts([" 22/TCP "], []), false);
  assert.equal(hasWantedPorts(["8080/http", ""], []), true);
  assert.equal(hasWantedPorts([], []), true);
});

Deno.test("toAddresses() gives each address once, public ones first, and nothing that is none", () => {
  const at = (ip: string | undefined) => ({ port: 1, ip });
  assert.deepEqual(
    toAddresses(
      ["100.65.14.77", "203.0.113.58", "10.0.0.1", "203.0.113.58", "", "here", undefined].map(at),
    ),
    ["203.0.113.58", "100.65.14.77", "10.0.0.1"],
  );
});
