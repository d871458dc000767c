import assert from "node:assert/strict";
import { judgeRules } from "../../../../kube/preflight/checks/rbac.ts";

Deno.test("judgeRules() names what is missing", () => {
  assert.equal(judgeRules([], 50).state, "ok");
  const finding = judgeRules([
    { verb: "get", group: "", resource: "secrets", namespace: "tgp-system" },
    { verb: "patch", group: "tgp.io", resource: "gpunodeclaims", subresource: "status" },
  ], 50);
  assert.equal(finding.state, "fail");
  assert.equal(
    finding.message,
    "the controller may not get secrets in tgp-system, patch gpunodeclaims/status.tgp.io",
  );
  assert.deepEqual(finding.remedy, ["    kubectl apply -k manifests/rbac"]);
});
