import assert from "node:assert/strict";
import {
  type BindingFacts,
  findAutoApprovals,
  judgeBindings,
} from "../../../../kube/preflight/checks/approver.ts";

const role = "system:certificates.k8s.io:certificatesigningrequests:nodeclient";
const roles = [
  { name: role, allowsAutoApproval: true },
  { name: "view", allowsAutoApproval: false },
];

function binding(groups: readonly string[], change: Partial<BindingFacts> = {}): BindingFacts {
  return { name: "auto", role, groups, subjects: groups.length, ...change };
}

const harmless: readonly BindingFacts[] = [
  // What `kubeadm init` makes: another group than ours.
  binding(["system:bootstrappers:kubeadm:default-node-token"]),
  binding(["system:nodes"]),
  binding(["system:bootstrappers"], { role: "view" }),
  binding([]),
];

for (const [index, one] of harmless.entries()) {
  Deno.test(`findAutoApprovals() passes harmless binding ${index}`, () => {
    assert.equal(judgeBindings(findAutoApprovals(roles, [one])).state, "ok");
  });
}

for (
  const group of ["system:bootstrappers", "system:bootstrappers:tgp", "system:authenticated"]
) {
  Deno.test(`findAutoApprovals() finds a binding of ${group}, and says what removes it`, () => {
    const finding = judgeBindings(findAutoApprovals(roles, [binding([group])]));
    assert.equal(finding.state, "fail");
    assert.ok(
      finding.message.includes(`ClusterRoleBinding "auto" gives ${group} the role ${role}`),
    );
    assert.deepEqual(finding.remedy, ["    kubectl delete clusterrolebinding auto"]);
  });
}

Deno.test("findAutoApprovals() has no binding deleted that serves others, too", () => {
  const shared = binding(["system:bootstrappers", "other"]);
  const { remedy } = judgeBindings(findAutoApprovals(roles, [shared]));
  assert.deepEqual(remedy, [
    "Take system:bootstrappers out of its subjects:",
    "    kubectl edit clusterrolebinding auto",
  ]);
});
