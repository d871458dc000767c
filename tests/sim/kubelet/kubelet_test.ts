import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import type { Lease, Node } from "../../../schemas/kubernetes.ts";
import { leases } from "../../../kube/resource.ts";
import type { KubeletFaults } from "../../../sim/kubelet/faults.ts";
import { createKubelet, type Kubelet } from "../../../sim/kubelet/kubelet.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Box, nodeName } from "./box.ts";

async function findNode(box: Box): Promise<Node | undefined> {
  return (await box.admin.list(nodes)).items[0];
}

async function readLease(box: Box): Promise<Lease> {
  return await box.admin.get(leases, { namespace: "kube-node-lease", name: nodeName });
}

function start(box: Box, faults: KubeletFaults = {}): Kubelet {
  const kubelet = createKubelet(box.kubeletDeps(), box.machine(), faults);
  box.run(kubelet);
  return kubelet;
}

Deno.test("a machine without cloud-init joins from a startup script, and from nothing else", async () => {
  await using box = await Box.start();
  const shell = { userDataReader: "shell" } as const;
  const wrong = createKubelet(box.kubeletDeps(), box.machine(shell));
  const right = createKubelet(
    box.kubeletDeps(),
    box.machine({ ...shell, id: "other", userData: box.userData([], "script") }),
  );
  for (const kubelet of [wrong, right]) box.run(kubelet);
  await box.clock.advance(120_000);
  assert.deepEqual([wrong.phase, right.phase], ["failed", "ready"]);
  assert.equal((await findNode(box))?.metadata.name, nodeName);
});

Deno.test("a machine boots, joins with its own certificate and reports its GPUs late", async () => {
  await using box = await Box.start();
  const kubelet = start(box);
  await box.clock.advance(89_000);
  assert.equal(kubelet.phase, "booting");
  assert.equal(box.calls.length, 0);

  await box.clock.advance(6_000);
  assert.equal(kubelet.phase, "registered");
  const registered = await findNode(box);
  assert.equal(registered?.metadata.name, nodeName);
  assert.equal(registered?.metadata.labels?.["tgp.io/node-pool"], "h100");
  assert.equal(registered?.metadata.labels?.["kubernetes.io/hostname"], nodeName);
  assert.ok(
    registered?.spec?.taints?.some(({ key, effect }) =>
      key === "tgp.io/unregistered" && effect === "NoExecute"
    ),
  );
  assert.equal(registered?.status?.nodeInfo?.kubeletVersion, "v1.36.1");
  assert.deepEqual(registered?.status?.addresses, [
    { type: "InternalIP", address: "10.19.0.9" },
    { type: "Hostname", address: nodeName },
  ]);
  const ready = (node: Node | undefined) =>
    node?.status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready(registered)?.status, "False");
  assert.match(ready(registered)?.message ?? "", /NetworkPluginNotReady/);

  await box.clock.advance(15_000);
  const networked = await findNode(box);
  assert.equal(kubelet.phase, "ready");
  assert.equal(ready(networked)?.status, "True");
  assert.equal(networked?.status?.allocatable?.["nvidia.com/gpu"], undefined);

  await box.clock.advance(31_000);
  const complete = await findNode(box);
  assert.equal(complete?.status?.allocatable?.["nvidia.com/gpu"], "8");
  assert.equal(complete?.status?.capacity?.["nvidia.com/gpu"], "8");
  assert.equal(ready(complete)?.lastTransitionTime, ready(networked)?.lastTransitionTime);

  const writers = new Set(
    box.calls.filter(({ path }) =>
      !path.includes("certificatesigningrequests") && path !== "/version"
    )
      .map(({ user }) => user),
  );
  assert.deepEqual([...writers], [`system:node:${nodeName}`]);
});

Deno.test("a machine renews its lease every ten seconds until it loses power", async () => {
  await using box = await Box.start();
  const kubelet = start(box);
  await box.clock.advance(100_000);
  const node = await findNode(box);
  const lease = await readLease(box);
  assert.equal(lease.spec?.holderIdentity, nodeName);
  assert.equal(lease.spec?.leaseDurationSeconds, 40);
  assert.equal(lease.metadata.ownerReferences?.[0]?.uid, node?.metadata.uid);
  const renewals =
    box.calls.filter(({ method, path }) => method !== "GET" && path.includes("/leases"))
      .length;
  await box.clock.advance(60_000);
  assert.equal(
    box.calls.filter(({ method, path }) => method !== "GET" && path.includes("/leases")).length,
    renewals + 6,
  );
  box.powerOff();
  await box.clock.settle();
  assert.equal(kubelet.phase, "stopped");
  const calls = box.calls.length;
  await box.clock.advance(600_000);
  assert.equal(box.calls.length, calls);
  assert.ok(await findNode(box), "a machine without power does not remove its node");
});

Deno.test("leases live by a clock of their own, if there is one", async () => {
  await using box = await Box.start();
  const leaseClock = new FakeClock(Date.UTC(2030, 0, 1));
  box.run(createKubelet({ ...box.kubeletDeps(), leaseClock }, box.machine()));
  await box.clock.advance(200_000);
  assert.equal((await readLease(box)).spec?.renewTime, "2030-01-01T00:00:00.000000Z");
  await leaseClock.advance(20_000);
  assert.equal((await readLease(box)).spec?.renewTime, "2030-01-01T00:00:20.000000Z");
  box.powerOff();
  await leaseClock.settle();
  assert.equal(leaseClock.sleeping, 0);
});

Deno.test("a hanging machine renews neither lease nor status until it recovers", async () => {
  await using box = await Box.start();
  const faults = { hangs: false };
  start(box, faults);
  await box.clock.advance(200_000);
  faults.hangs = true;
  await box.clock.advance(10_000);
  const hung = await readLease(box);
  await box.clock.advance(600_000);
  assert.deepEqual((await readLease(box)).spec, hung.spec);
  faults.hangs = false;
  await box.clock.advance(10_000);
  assert.notDeepEqual((await readLease(box)).spec, hung.spec);
});

Deno.test("a machine joins, and comes back, when the API server was away", async () => {
  await using box = await Box.start();
  box.away = true;
  const kubelet = start(box);
  await box.clock.advance(130_000);
  assert.equal(kubelet.phase, "joining");
  box.away = false;
  await box.clock.advance(35_000);
  assert.equal(kubelet.phase, "registered");
  box.away = true;
  await box.clock.advance(120_000);
  assert.equal((await findNode(box))?.status?.allocatable?.["nvidia.com/gpu"], undefined);
  box.away = false;
  await box.clock.advance(120_000);
  assert.equal(kubelet.phase, "ready");
  assert.equal((await findNode(box))?.status?.allocatable?.["nvidia.com/gpu"], "8");
  const renewed = Date.parse((await readLease(box)).spec?.renewTime ?? "");
  assert.ok(box.clock.now() - renewed <= 10_000);
});

Deno.test("a machine with a wrong token does not get as far as asking for a certificate", async () => {
  await using box = await Box.start();
  const kubelet = start(box, { token: "nzxy37.aaaaaaaaaaaaaaaa" });
  await box.clock.advance(600_000);
  assert.equal(kubelet.phase, "failed");
  assert.deepEqual([...new Set(box.calls.map(({ path }) => path))], ["/version"]);
  assert.equal(box.calls.length, 5);
});

Deno.test("a machine that asks for another name is denied and gives up", async () => {
  await using box = await Box.start();
  const kubelet = start(box, { nodeName: "tgp-abc123-h100-other1" });
  await box.clock.advance(600_000);
  assert.equal(kubelet.phase, "failed");
  assert.equal(await findNode(box), undefined);
  const asked = box.calls.filter(({ method }) => method === "POST").length;
  assert.equal(asked, 5);
});

Deno.test("a machine whose request nobody answers tries again after five minutes", async () => {
  await using box = await Box.start({ signs: false });
  const kubelet = start(box);
  await box.clock.advance(90_000 + 300_000 + 30_000 + 5_000);
  assert.equal(kubelet.phase, "joining");
  assert.equal(box.calls.filter(({ method }) => method === "POST").length, 2);
});

Deno.test("a machine whose user data names another server or another CA cannot join", async () => {
  await using box = await Box.start();
  await using other = await Box.start();
  const good = box.userData();
  assert.ok(good.startsWith("#cloud-config"));
  const foreign = createKubelet(box.kubeletDeps(), box.machine({ userData: other.userData() }));
  const broken = createKubelet(box.kubeletDeps(), box.machine({ userData: `x${good}` }));
  const idle = createKubelet(box.kubeletDeps(), box.machine({ userData: undefined }));
  for (const kubelet of [foreign, broken, idle]) box.run(kubelet);
  await box.clock.advance(600_000);
  assert.deepEqual([foreign, broken, idle].map(({ phase }) => phase), [
    "failed",
    "failed",
    "failed",
  ]);
  assert.deepEqual(box.calls, []);
});

Deno.test("a machine that loses power while it boots or joins leaves nothing running", async () => {
  for (const afterMs of [10_000, 91_000, 92_500]) {
    await using box = await Box.start({ signs: false });
    const kubelet = start(box);
    await box.clock.advance(afterMs);
    box.powerOff();
    await box.clock.settle();
    assert.equal(kubelet.phase, "stopped");
    assert.equal(box.clock.sleeping, 0);
  }
});

Deno.test("every fault shows in the node", async () => {
  const rows: [KubeletFaults, (node: Node | undefined) => unknown, unknown][] = [
    [{ neverRegisters: true }, (node) => node, undefined],
    [
      { omitsUnregisteredTaint: true },
      (node) => node?.spec?.taints?.some(({ key }) => key === "tgp.io/unregistered") ?? false,
      false,
    ],
    [{ providerID: "lambda://x/y" }, (node) => node?.spec?.providerID, "lambda://x/y"],
    [
      { addresses: ["198.51.100.7"] },
      (node) => node?.status?.addresses?.map(({ address }) => address),
      ["198.51.100.7", nodeName],
    ],
    [{ gpuCount: 7 }, (node) => node?.status?.allocatable?.["nvidia.com/gpu"], "7"],
    [{ gpusNeverAppear: true }, (node) => node?.status?.allocatable?.["nvidia.com/gpu"], undefined],
    [{ gpuDelayMs: 400_000 }, (node) => node?.status?.allocatable?.["nvidia.com/gpu"], undefined],
    [
      { networkNeverReady: true },
      (node) => node?.status?.conditions?.find(({ type }) => type === "Ready")?.status,
      "False",
    ],
  ];
  for (const [faults, observe, expected] of rows) {
    await using box = await Box.start();
    start(box, faults);
    await box.clock.advance(300_000);
    assert.deepEqual(observe(await findNode(box)), expected, JSON.stringify(faults));
  }
});
