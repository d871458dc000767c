import assert from "node:assert/strict";
import { type Approver, createApprover } from "../../../controller/bootstrap/approver.ts";
import { ensureToken } from "../../../controller/bootstrap/token_issue.ts";
import { isConflict } from "../../../kube/kube.ts";
import { certificateSigningRequests, nodes } from "../../../kube/resource.ts";
import { nodeClaims } from "../../../kube/tgp_resources.ts";
import { silentLog } from "../../../runtime/log.ts";
import { silentMetrics } from "../../../runtime/metrics.ts";
import type { CertificateSigningRequest } from "../../../schemas/kubernetes.ts";
import type { GPUNodeClaim } from "../../../schemas/node_claim.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { claimName, makeClaim, makeCsr, makeRequest } from "./builders.ts";
import { Crash, MemoryKube } from "./memory_kube.ts";

const namespace = "tgp-system";
const good = await makeRequest(`/O=system:nodes/CN=system:node:${claimName}`);
const { signal } = new AbortController();

interface World {
  readonly kube: MemoryKube;
  readonly approver: Approver;
  readonly events: string[];
  readonly username: string;
}

/** A launched claim with its token, and an approver. */
async function makeWorld(): Promise<World> {
  const kube = new MemoryKube();
  const claim = makeClaim();
  kube.seed("gpunodeclaims", { ...claim, ...wireStatus() });
  const expiresAt = Date.UTC(2026, 0, 1, 0, 30);
  const token = await ensureToken(kube, claim, { namespace, expiresAt, render: (text) => text });
  const events: string[] = [];
  const approver = createApprover({
    kube,
    namespace,
    clock: new FakeClock(),
    log: silentLog,
    metrics: silentMetrics,
    recorder: {
      record: ({ object, type, reason }) =>
        void events.push(`${type} ${reason} ${object.kind}/${object.name}`),
    },
  });
  return { kube, approver, events, username: `system:bootstrap:${token.id}` };
}

/** The launched claim's status as the API server holds it: money and durations are strings there. */
function wireStatus(outcome = "Launched", launched = "True"): { status: unknown } {
  const { launch } = makeClaim().status ?? {};
  return {
    status: {
      launch: {
        ...launch,
        outcome,
        offer: {
          ...launch?.offer,
          pricePerHour: "2.49",
          billingIncrement: "1m",
          capacity: { "nvidia.com/gpu": "1" },
        },
      },
      conditions: [{
        type: "Launched",
        status: launched,
        reason: "Launched",
        message: "",
        lastTransitionTime: "2026-01-01T00:10:00Z",
      }],
    },
  };
}

async function readCsr(kube: MemoryKube): Promise<CertificateSigningRequest> {
  return await kube.get(certificateSigningRequests, { name: "node-csr-1" });
}

async function readClaim(kube: MemoryKube): Promise<GPUNodeClaim> {
  return await kube.get(nodeClaims, { name: claimName });
}

Deno.test("the approver signs off the claim's machine, counting first", async () => {
  const { kube, approver, events, username } = await makeWorld();
  kube.seed("certificatesigningrequests", makeCsr(good, { username }));
  const before = kube.writes.length;
  assert.deepEqual(await approver.reconcile("node-csr-1", signal), { kind: "awaitChange" });
  assert.deepEqual(
    kube.writes.slice(before).map(({ verb, plural, subresource }) => [verb, plural, subresource]),
    [
      ["patch", "gpunodeclaims", "status"],
      ["replace", "certificatesigningrequests", "approval"],
    ],
  );
  const csr = await readCsr(kube);
  assert.deepEqual(
    csr.status?.conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [
      ["Approved", "True", "CSRApproved"],
    ],
  );
  assert.equal((await readClaim(kube)).status?.approvedCSRs, 1);
  assert.deepEqual(events, [`Normal CSRApproved GPUNodeClaim/${claimName}`]);
  await approver.reconcile("node-csr-1", signal);
  assert.equal((await readClaim(kube)).status?.approvedCSRs, 1);
});

Deno.test("the approver never signs off without having counted, whatever crashes", async () => {
  for (const when of ["before", "after"] as const) {
    for (const at of [0, 1]) {
      const { kube, approver, username } = await makeWorld();
      kube.seed("certificatesigningrequests", makeCsr(good, { username }));
      kube.crashAt(at, when);
      await assert.rejects(approver.reconcile("node-csr-1", signal), Crash);
      const counted = (await readClaim(kube)).status?.approvedCSRs ?? 0;
      const approved = (await readCsr(kube)).status?.conditions?.length ?? 0;
      assert.ok(counted >= approved);
      await approver.reconcile("node-csr-1", signal);
      assert.equal((await readCsr(kube)).status?.conditions?.length, 1);
      assert.ok(((await readClaim(kube)).status?.approvedCSRs ?? 0) <= 2);
    }
  }
});

Deno.test("the approver denies the fourth request of a claim", async () => {
  const { kube, approver, username } = await makeWorld();
  for (let attempt = 1; attempt <= 4; attempt++) {
    kube.seed("certificatesigningrequests", makeCsr(good, { username }));
    await approver.reconcile("node-csr-1", signal);
    const [verdict] = (await readCsr(kube)).status?.conditions ?? [];
    assert.equal(verdict?.type, attempt <= 3 ? "Approved" : "Denied");
  }
  assert.equal((await readClaim(kube)).status?.approvedCSRs, 3);
});

Deno.test("the approver denies another claim's token, a taken name and a stranger's name", async () => {
  const other = await makeRequest("/O=system:nodes/CN=system:node:somebody-else");
  const rows: [string, (kube: MemoryKube) => void][] = [
    [
      "token",
      (kube) =>
        kube.seed(
          "certificatesigningrequests",
          makeCsr(good, { username: "system:bootstrap:aaaaaa" }),
        ),
    ],
    [
      "node",
      (kube) =>
        kube.seed("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: claimName } }),
    ],
    ["name", (kube) => {
      const [csr] = kube.all("certificatesigningrequests") as CertificateSigningRequest[];
      if (csr) {
        kube.seed(
          "certificatesigningrequests",
          makeCsr(other, csr.spec && { username: csr.spec.username ?? "" }),
        );
      }
    }],
  ];
  for (const [what, change] of rows) {
    const { kube, approver, events, username } = await makeWorld();
    kube.seed("certificatesigningrequests", makeCsr(good, { username }));
    change(kube);
    await approver.reconcile("node-csr-1", signal);
    const [verdict] = (await readCsr(kube)).status?.conditions ?? [];
    assert.equal(verdict?.type, "Denied", what);
    assert.equal((await readClaim(kube)).status?.approvedCSRs, undefined, what);
    assert.equal(events.length, 1);
    assert.match(events[0] ?? "", /^Warning CSRRejected/);
  }
});

Deno.test("the approver comes back while the order is not settled", async () => {
  const { kube, approver, events, username } = await makeWorld();
  kube.seed("gpunodeclaims", { ...makeClaim(), ...wireStatus("Unknown", "Unknown") });
  kube.seed("certificatesigningrequests", makeCsr(good, { username }));
  const outcome = await approver.reconcile("node-csr-1", signal);
  assert.equal(outcome.kind, "requeueAfter");
  assert.equal((await readCsr(kube)).status, undefined);
  assert.deepEqual(events, []);
});

Deno.test("the approver leaves requests of others and vanished ones alone", async () => {
  const { kube, approver } = await makeWorld();
  kube.seed("certificatesigningrequests", makeCsr(good, { username: "admin" }));
  const writes = kube.writes.length;
  assert.deepEqual(await approver.reconcile("node-csr-1", signal), { kind: "awaitChange" });
  assert.deepEqual(await approver.reconcile("gone", signal), { kind: "awaitChange" });
  assert.equal(kube.writes.length, writes);
});

Deno.test("the approver runs again when somebody else changed the claim", async () => {
  const { kube, approver, username } = await makeWorld();
  kube.seed("certificatesigningrequests", makeCsr(good, { username }));
  const get = kube.get.bind(kube);
  kube.get = async (type, ref) => {
    const object = await get(type, ref);
    // The last thing the approver reads; what it read before is stale now.
    if (type.plural === nodes.plural) throw new Error("unreachable: no node exists");
    if (type.plural === "gpunodeclaims") {
      kube.seed("gpunodeclaims", { ...makeClaim(), ...wireStatus() });
    }
    return object;
  };
  await assert.rejects(approver.reconcile("node-csr-1", signal), isConflict);
  assert.equal((await readCsr(kube)).status, undefined);
});
