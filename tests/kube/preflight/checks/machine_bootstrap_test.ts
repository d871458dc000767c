import assert from "node:assert/strict";
import { judgeKubeletVersion } from "../../../../kube/preflight/checks/machine_bootstrap.ts";

Deno.test("judgeKubeletVersion() wants a kubelet that fits the API server", () => {
  assert.equal(judgeKubeletVersion("default", "1.35.2", "v1.36.0").state, "ok");
  const newer = judgeKubeletVersion("default", "1.37.0", "v1.36.0");
  assert.equal(newer.state, "fail");
  assert.match(newer.message, /"v1\.37\.0" is newer than the API server's v1\.36\.0/);
  assert.match(newer.remedy.join("\n"), /kubectl edit gpunodeclass default/);
});
