import assert from "node:assert/strict";
import type { ProviderError, ProviderErrorKind } from "../../../providers/errors.ts";
import type { FailureContext } from "../../../providers/http/failed_answer.ts";
import { launchOutcomeKinds } from "../../../providers/launch_outcome.ts";
import { createRedact } from "../../../providers/redact.ts";
import {
  isDefiniteRefusal,
  launchOperation,
  saysNoSuchPod,
  toRunpodError,
} from "../../../providers/runpod/errors.ts";

function context(operation: string): FailureContext {
  return {
    account: "runpod",
    operation,
    action: "do it",
    vendor: "RunPod",
    redact: createRedact(["rpa_canary"]),
    now: 0,
  };
}

function explain(status: number, body: unknown, operation = launchOperation): ProviderError {
  return toRunpodError({ status, headers: new Headers(), body }, context(operation));
}

function graphql(message: string, code: string | undefined = "RUNPOD", status = 200) {
  return explain(status, {
    errors: [{ message, ...(code && { extensions: { code } }) }],
    data: null,
  });
}

function problem(status: number, detail: string, operation = launchOperation) {
  return explain(status, { title: "Some Title", status, detail }, operation);
}

/** Every text that was recorded, and what it means. */
const texts: readonly (readonly [string, ProviderErrorKind])[] = [
  [
    "There are no longer any instances available with the requested specifications. Please refresh and try again.",
    "availability",
  ],
  [
    "There are no longer any instances available with the request specifications. Please try again later.",
    "availability",
  ],
  [
    "There are no instances available with the request specifications. Please try again later.",
    "availability",
  ],
  ["There are no longer any instances available with enough disk space.", "availability"],
  ["There are no instances currently available", "availability"],
  [
    "This machine does not have the resources to deploy your pod. Please try a different machine",
    "availability",
  ],
  ["could not find any pods with required specifications", "availability"],
  [
    "There are not enough free GPUs on the host machine to start this pod.",
    "availability",
  ],
  [
    "Your account balance is too low to rent a pod. Please add funds to your account.",
    "billing",
  ],
  [
    "Insufficient balance to resume this on-demand pod. You need at least $3.59 (current: $3.01, deficit: $0.58).",
    "billing",
  ],
  ["You have reached your spend limit.", "quota"],
  ["Spending limit exceeded", "quota"],
  ["Cannot resume a spot pod as an on demand pod.", "invalid_request"],
  ['Cannot query field "x" on type "Y".', "invalid_request"],
  ['Variable "$input" got invalid value { a: 1 }; Field "a" is not defined.', "invalid_request"],
  ['Field "x" of required type "Int!" was not provided.', "invalid_request"],
  ["pod not found to terminate", "not_found"],
  ["Tried to delete nonexistent network volume", "not_found"],
  ["Unauthorized", "unauthorized"],
  ["rate limit exceeded for the minute window", "rate_limit"],
  ["too many requests", "rate_limit"],
  ["Something went wrong. Please try again later or contact support.", "transient"],
  ["The moon is in the wrong house.", "unknown"],
];

Deno.test("every recorded text has its kind in GraphQL, with a code that says nothing or none", () => {
  for (const [text, kind] of texts) {
    assert.equal(graphql(text).kind, kind, text);
    assert.equal(graphql(text, undefined).kind, kind, text);
    const vague = graphql(text, "INTERNAL_SERVER_ERROR").kind;
    assert.equal(vague, kind === "unknown" ? "transient" : kind, text);
  }
});

Deno.test("a code outranks the text, except where it says nothing", () => {
  assert.equal(graphql("Something went wrong.", "SUPPLY_CONSTRAINT").kind, "availability");
  assert.equal(graphql("no words", "POD_NOT_FOUND").kind, "not_found");
  assert.equal(graphql("no words", "GRAPHQL_VALIDATION_FAILED", 400).kind, "invalid_request");
  assert.equal(graphql("no words", "SOMETHING_NEW").kind, "unknown");
});

Deno.test("REST's 400 is capacity by its words, else a broken rule", () => {
  for (const [text, kind] of texts) {
    const expected = kind === "unknown" ? "invalid_request" : kind;
    const allowed = problem(400, text).kind;
    assert.equal(allowed, expected, text);
  }
});

Deno.test("statuses of both protocols", () => {
  const page = "<html><title>oh</title></html>";
  const cases: readonly (readonly [number, unknown, ProviderErrorKind])[] = [
    [302, "", "invalid_request"],
    [400, page, "unknown"],
    [401, page, "unauthorized"],
    [401, "", "unauthorized"],
    [402, page, "billing"],
    [403, "error code: 1010", "transient"],
    [403, "<html>error code: 1010</html>", "transient"],
    [403, "error code: 1015", "rate_limit"],
    [403, page, "unauthorized"],
    [404, page, "not_found"],
    [408, page, "transient"],
    [409, page, "transient"],
    [410, page, "retired"],
    [418, page, "unknown"],
    [422, page, "invalid_request"],
    [429, page, "rate_limit"],
    [500, page, "transient"],
    [502, page, "transient"],
    [520, page, "transient"],
  ];
  for (const [status, body, kind] of cases) {
    assert.equal(explain(status, body).kind, kind, `${status} ${body}`);
  }
});

Deno.test("a 500 that hides capacity or billing says so, and is never definite", () => {
  const hidden = problem(500, "create pod: There are no instances currently available");
  assert.equal(hidden.kind, "availability");
  assert.equal(isDefiniteRefusal(hidden), false);
  assert.equal(problem(500, "create pod: Your account balance is too low").kind, "billing");
  assert.equal(problem(500, "pod not found").kind, "transient");
});

Deno.test("a pool that is not allowed spoils one offer, a key without the right all", () => {
  assert.equal(problem(403, "access denied").kind, "unauthorized");
  assert.equal(problem(403, "this pool is not available to you").kind, "invalid_request");
  assert.equal(problem(403, "this pool is not available to you", "listPods").kind, "unauthorized");
});

Deno.test("only what RunPod itself understood as a refusal is definite", () => {
  for (const [text, kind] of texts) {
    const definite = kind !== "transient" && kind !== "unknown";
    assert.equal(isDefiniteRefusal(graphql(text)), definite, text);
    assert.equal(isDefiniteRefusal(problem(500, text)), false, text);
  }
  const page = "<html><title>oh</title></html>";
  for (const status of [302, 400, 402, 403, 404, 409, 422, 500, 502]) {
    assert.equal(isDefiniteRefusal(explain(status, page)), false, `${status}`);
  }
  for (const status of [401, 410, 429]) {
    const error = explain(status, page);
    assert.equal(isDefiniteRefusal(error), true, `${status}`);
    assert.notEqual(launchOutcomeKinds[error.kind], "unknown");
  }
  assert.equal(isDefiniteRefusal(problem(409, "conflicting state")), false);
});

Deno.test("only RunPod's own word says that a pod does not exist", () => {
  assert.equal(saysNoSuchPod(problem(404, "resource not found", "getPod")), true);
  assert.equal(saysNoSuchPod(graphql("pod not found to terminate")), true);
  assert.equal(saysNoSuchPod(graphql("gone", "POD_NOT_FOUND")), true);
  assert.equal(saysNoSuchPod(explain(404, "<html>404</html>", "getPod")), false);
  assert.equal(saysNoSuchPod(graphql("Tried to delete nonexistent network volume")), false);
});

Deno.test("words are kept, with what the vendor adds, and without secrets", () => {
  const refused = explain(422, {
    title: "Unprocessable Entity",
    status: 422,
    detail: "Request validation failed.",
    errors: ["$: additional properties 'bogus' not allowed", "your key is rpa_canary"],
  });
  assert.equal(
    refused.message,
    'Cannot do it: RunPod answered 422 "Unprocessable Entity": Request validation failed.; ' +
      "$: additional properties 'bogus' not allowed; your key is [redacted]",
  );
  assert.equal(refused.code, "Unprocessable Entity");
  const input = graphql(
    'Variable "$input" got invalid value { env: [{ key: "A", value: "hunter2; x" }] }; Field "a" is not defined.',
    "BAD_USER_INPUT",
    400,
  );
  assert.doesNotMatch(input.message, /hunter2|env/);
  assert.match(input.message, /Field "a" is not defined/);
});
