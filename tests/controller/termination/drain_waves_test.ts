import assert from "node:assert/strict";
import { decideDrain } from "../../../controller/termination/drain_waves.ts";
import type { Pod } from "../../../schemas/kubernetes.ts";
import { buildPod, testStart } from "../../support/controller_builders.ts";

const daemonOwner = [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "ds", uid: "ds" }];
const running: Pod["status"] = { phase: "Running" };
const ordinary = buildPod({ metadata: { name: "ordinary" }, status: running });
const daemon = buildPod({
  metadata: { name: "daemon", ownerReferences: daemonOwner },
  status: running,
});
const critical = buildPod({
  metadata: { name: "critical" },
  spec: { priority: 2_000_001_000 },
  status: running,
});
const criticalDaemon = buildPod({
  metadata: { name: "critical-daemon", ownerReferences: daemonOwner },
  spec: { priority: 2_000_001_000 },
  status: running,
});
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

Deno.test("decideDrain() empties ordinary pods, daemons, critical pods, critical daemons in turn", () => {
  const pods = [criticalDaemon, critical, daemon, ordinary];
  for (const expected of ["ordinary", "daemon", "critical", "critical-daemon"]) {
    assert.deepEqual(names(decideDrain(pods, testStart).evict), [expected]);
    pods.splice(pods.findIndex(({ metadata }) => metadata.name === expected), 1);
  }
  assert.deepEqual(decideDrain(pods, testStart), { evict: [], leaving: [] });
});

Deno.test("decideDrain() waits for a wave that is leaving, but not for a stuck pod", () => {
  const leaving = buildPod({
    metadata: { name: "leaving", deletionTimestamp: new Date(testStart).toISOString() },
    status: running,
  });
  const decision = decideDrain([leaving, daemon], testStart + 30_000);
  assert.deepEqual(names(decision.leaving), ["leaving"]);
  assert.deepEqual(decision.evict, []);
  assert.deepEqual(names(decideDrain([leaving, daemon], testStart + 61_000).evict), ["daemon"]);
});

Deno.test("decideDrain() skips finished, static and disruption-tolerating pods", () => {
  const pods = [
    buildPod({ status: { phase: "Succeeded" } }),
    buildPod({ status: { phase: "Failed" } }),
    buildPod({
      metadata: { annotations: { "kubernetes.io/config.mirror": "x" } },
      status: running,
    }),
    buildPod({ spec: { tolerations: [{ operator: "Exists" }] }, status: running }),
    buildPod({
      spec: { tolerations: [{ key: "tgp.io/disrupted", operator: "Exists" }] },
      status: running,
    }),
  ];
  assert.deepEqual(decideDrain(pods, testStart), { evict: [], leaving: [] });
});
