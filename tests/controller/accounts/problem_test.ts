import assert from "node:assert/strict";
import { isHeldBack, toProblem } from "../../../controller/accounts/problem.ts";
import { CircuitOpenError } from "../../../providers/circuit_breaker.ts";
import { ProviderError, type ProviderErrorKind } from "../../../providers/errors.ts";
import { providerError } from "../../support/scripted_provider.ts";

const table: readonly (readonly [ProviderErrorKind, string])[] = [
  ["unauthorized", "CredentialsRejected"],
  ["billing", "AccountBlocked"],
  ["invalid_request", "ProviderMisconfigured"],
  ["transient", "ProviderUnreachable"],
  ["rate_limit", "ProviderUnreachable"],
  ["unknown", "ProviderUnreachable"],
];

for (const [kind, reason] of table) {
  Deno.test(`toProblem() of ${kind} is ${reason}`, () => {
    assert.deepEqual(toProblem(providerError(kind, "words")), { reason, message: "words" });
  });
}

Deno.test("toProblem() of a redirect: something else stands where the cloud should be", () => {
  const details = { kind: "invalid_request", account: "lambda", operation: "test" } as const;
  const redirect = new ProviderError("a redirect", { ...details, status: 302 });
  assert.equal(toProblem(redirect).reason, "ProviderUnreachable");
});

Deno.test("toProblem() of what is no provider's error", () => {
  assert.deepEqual(toProblem("text"), { reason: "ProviderUnreachable", message: "text" });
});

Deno.test("isHeldBack() knows a call that was not tried", () => {
  const cause = new CircuitOpenError(0, undefined);
  const details = { kind: "transient", account: "lambda", operation: "test" } as const;
  assert.equal(isHeldBack(new ProviderError("not tried", { ...details, cause })), true);
  assert.equal(isHeldBack(new ProviderError("no answer", details)), false);
  assert.equal(isHeldBack(cause), false);
});
