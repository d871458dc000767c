import assert from "node:assert/strict";
import {
  judgeTokens,
  type TokenEvidence,
} from "../../../../kube/preflight/checks/bootstrap_tokens.ts";

const flag = "--enable-bootstrap-token-auth";
/** `kubeadm.k8s.io/v1beta4` writes a list, v1beta3 a map. */
const off = [
  `apiServer:\n  extraArgs:\n  - name: enable-bootstrap-token-auth\n    value: "false"\n`,
  `apiServer:\n  extraArgs:\n    enable-bootstrap-token-auth: "false"\n`,
];

function evidence(change: Partial<TokenEvidence>): TokenEvidence {
  return {
    commandLines: [],
    clusterConfiguration: undefined,
    hasSignedToken: false,
    ...change,
  };
}

const cases: readonly (readonly [what: string, Partial<TokenEvidence>, state: string])[] = [
  ["the flag", { commandLines: [["kube-apiserver", `${flag}=true`]] }, "ok"],
  ["the flag without a value", { commandLines: [["kube-apiserver", flag]] }, "ok"],
  ["no flag", { commandLines: [["kube-apiserver"]] }, "fail"],
  ["the flag off", { commandLines: [["kube-apiserver", `${flag}=false`]] }, "fail"],
  ["the flag on one of two", { commandLines: [["a", flag], ["b"]] }, "fail"],
  ["the flag, whatever kubeadm says", {
    commandLines: [["a", flag]],
    clusterConfiguration: off[0],
  }, "ok"],
  ["kubeadm's defaults", { clusterConfiguration: "kubernetesVersion: v1.36.0\n" }, "ok"],
  ["kubeadm's, turned off", { clusterConfiguration: off[0] }, "fail"],
  ["kubeadm's older form, turned off", { clusterConfiguration: off[1] }, "fail"],
  ["a signed cluster-info", { hasSignedToken: true }, "ok"],
  ["nothing", {}, "unknown"],
];

for (const [what, given, state] of cases) {
  Deno.test(`judgeTokens() by ${what}: ${state}`, () => {
    const finding = judgeTokens(evidence(given));
    assert.equal(finding.state, state);
    assert.equal(finding.remedy.length > 0, state !== "ok");
  });
}
