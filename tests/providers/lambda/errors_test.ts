import assert from "node:assert/strict";
import {
  isDefiniteRefusal,
  lambdaErrorKinds,
  toLambdaError,
} from "../../../providers/lambda/errors.ts";
import { explainFailedLaunch } from "../../../providers/launch_outcome.ts";
import { createRedact } from "../../../providers/redact.ts";
import { simErrorRows } from "../../../sim/clouds/lambda/errors.ts";

interface Row {
  readonly status: number;
  readonly body: unknown;
  readonly kind: string;
  readonly outcome: string;
}

const rows: readonly Row[] = JSON.parse(
  await Deno.readTextFile(new URL("../../fixtures/lambda/errors.json", import.meta.url)),
);

function classify(status: number, body: unknown, headers: Record<string, string> = {}) {
  return toLambdaError({ status, headers: new Headers(headers), body }, {
    account: "lambda",
    operation: "launchInstance",
    action: "rent a machine",
    vendor: "Lambda",
    redact: createRedact(["secret_canary_key"]),
    now: Date.UTC(2026, 0, 1),
  });
}

const toLaunchOutcome = (error: Error) =>
  explainFailedLaunch(error, {
    sent: true,
    signal: new AbortController().signal,
    isDefinite: isDefiniteRefusal,
  });

for (const { status, body, kind, outcome } of rows) {
  Deno.test(`${status} ${JSON.stringify(body).slice(0, 70)} is ${kind}, for launches ${outcome}`, () => {
    const error = classify(status, body);
    assert.equal(error.kind, kind);
    assert.equal(error.status, status);
    assert.match(error.message, new RegExp(`^Cannot rent a machine: Lambda answered ${status}`));
    const launched = toLaunchOutcome(error);
    assert.equal(launched.kind, outcome);
    assert.equal("message" in launched && launched.message, error.message);
  });
}

Deno.test("every code of the simulator is in the table, by code or by area", () => {
  for (const code of Object.keys(simErrorRows)) {
    assert.ok(code.startsWith("provider/") || lambdaErrorKinds[code] !== undefined, code);
  }
});

Deno.test("messages hold the vendor's words, suggestion and fields, and no secret", () => {
  const error = classify(400, {
    error: {
      code: "global/invalid-parameters",
      message: "Key secret_canary_key is odd.",
      suggestion: "Fix it.",
      request_id: "req-1",
    },
    field_errors: { name: { code: "x", message: "too long" } },
  });
  assert.equal(
    error.message,
    'Cannot rent a machine: Lambda answered 400 "global/invalid-parameters": ' +
      "Key [redacted] is odd. name: too long Fix it.",
  );
  assert.equal(error.requestId, "req-1");
  assert.equal(
    classify(502, "<html><head><title>502 Bad Gateway</title></head>").message,
    "Cannot rent a machine: Lambda answered 502: 502 Bad Gateway",
  );
});

Deno.test("Retry-After is read", () => {
  assert.equal(classify(429, "", { "retry-after": "7" }).retryAfterMs, 7_000);
  assert.equal(classify(429, "").retryAfterMs, undefined);
  const outcome = toLaunchOutcome(classify(429, "", { "retry-after": "7" }));
  assert.equal(outcome.kind === "rateLimited" && outcome.retryAfterMs, 7_000);
});
