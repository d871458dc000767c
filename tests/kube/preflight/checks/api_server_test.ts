import assert from "node:assert/strict";
import { judgeServerVersion } from "../../../../kube/preflight/checks/api_server.ts";

for (
  const [version, state] of [
    ["v1.36.0", "ok"],
    ["v1.31.1-eks-1234", "ok"],
    ["v1.30.9", "fail"],
  ] as const
) {
  Deno.test(`judgeServerVersion("${version}"): ${state}`, () => {
    const finding = judgeServerVersion(version);
    assert.equal(finding.state, state);
    assert.ok(finding.message.startsWith(version));
  });
}
