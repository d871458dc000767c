import assert from "node:assert/strict";
import { KubeError } from "../../../../kube/kube.ts";
import { judgeAnswer } from "../../../../kube/preflight/checks/webhook_answer.ts";

const cases: readonly (readonly [KubeError | undefined, state: string])[] = [
  [undefined, "fail"],
  [
    new KubeError(
      403,
      'admission webhook "validate.tgp.io" denied the request: unsupported provider: unsupported',
    ),
    "ok",
  ],
  [
    new KubeError(
      500,
      'Internal error occurred: failed calling webhook "validate.tgp.io": connection refused',
    ),
    "fail",
  ],
  [
    new KubeError(403, 'admission webhook "policy.example.com" denied the request: no class here'),
    "unknown",
  ],
  [new KubeError(422, 'GPUNodeClass.tgp.io "x" is invalid: spec.providers'), "unknown"],
];

for (const [error, state] of cases) {
  Deno.test(`judgeAnswer() of ${error?.message ?? "an acceptance"}: ${state}`, () => {
    assert.equal(judgeAnswer(error).state, state);
  });
}
