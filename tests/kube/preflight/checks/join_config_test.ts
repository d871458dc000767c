import assert from "node:assert/strict";
import { judgeJoinConfig } from "../../../../kube/preflight/checks/join_config.ts";

Deno.test("judgeJoinConfig() names what is missing before what is forbidden", () => {
  assert.equal(judgeJoinConfig([], []).state, "ok");
  const rule = {
    verb: "get",
    group: "",
    resource: "configmaps",
    namespace: "kube-system",
    name: "kubeadm-config",
  };
  const missing = judgeJoinConfig(["kubelet-config"], [rule]);
  assert.match(missing.message, /^kube-system has no ConfigMap kubelet-config: /);
  const forbidden = judgeJoinConfig([], [rule]);
  assert.equal(forbidden.state, "fail");
  assert.equal(
    forbidden.message,
    'machines (group system:bootstrappers:tgp) may not get configmaps "kubeadm-config" in kube-system',
  );
});
