import assert from "node:assert/strict";
import type { ClassFacts, ConditionFacts } from "../../../../kube/preflight/class_facts.ts";
import { judgeCatalog, judgeKeys } from "../../../../kube/preflight/checks/class_health.ts";

const now = Date.UTC(2026, 0, 1, 12);

function facts(
  conditions: Readonly<Record<string, ConditionFacts>>,
  checkedAgoMs = 60_000,
): ClassFacts {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClass",
    metadata: { name: "default" },
    name: "default",
    apiServerEndpoint: undefined,
    caBundle: undefined,
    kubernetesVersion: undefined,
    conditions: new Map(Object.entries(conditions)),
    lastCheckedTime: new Date(now - checkedAgoMs).toISOString(),
  };
}

const yes: ConditionFacts = { status: "True", message: "all is well" };
const no: ConditionFacts = { status: "False", message: "lambda: the key is rejected" };

Deno.test("judgeKeys() repeats what the controller says, and how to prove it", () => {
  assert.equal(judgeKeys(facts({ CredentialsResolved: yes, ProvidersReachable: yes })).state, "ok");
  const failed = judgeKeys(facts({ CredentialsResolved: no }));
  assert.deepEqual([failed.state, failed.message], ["fail", no.message]);
  assert.equal(failed.remedy.at(-1), "    kubectl tgp providers check default");
  const silent = judgeKeys(facts({ CredentialsResolved: yes, ProvidersReachable: no }));
  assert.deepEqual([silent.state, silent.message], ["warn", no.message]);
  assert.equal(judgeKeys(facts({})).state, "unknown");
});

Deno.test("judgeCatalog() minds old offers, and a controller that has not looked for long", () => {
  assert.equal(judgeCatalog(facts({ CatalogFresh: yes }), now).state, "ok");
  assert.equal(judgeCatalog(facts({ CatalogFresh: no }), now).state, "warn");
  const old = judgeCatalog(facts({ CatalogFresh: yes }, 45 * 60_000), now);
  assert.deepEqual([old.state, old.message], [
    "warn",
    "the controller looked at it 45 minutes ago",
  ]);
  assert.equal(judgeCatalog(facts({}), now).state, "unknown");
});
