import assert from "node:assert/strict";
import { explainFailedLaunch } from "../../../providers/launch_outcome.ts";
import {
  isDefiniteRefusal,
  isNoSuchThing,
  paperspaceErrorKinds,
  toPaperspaceError,
} from "../../../providers/paperspace/errors.ts";
import { createRedact } from "../../../providers/redact.ts";
import { simErrorRows } from "../../../sim/clouds/paperspace/errors.ts";

function classify(
  status: number,
  body: unknown,
  operation = "machines-create",
  headers: Record<string, string> = {},
) {
  return toPaperspaceError({ status, headers: new Headers(headers), body }, {
    account: "paperspace",
    operation,
    action: "rent a machine",
    vendor: "Paperspace",
    redact: createRedact(["canary_secret_key"]),
    now: Date.UTC(2026, 0, 1),
  });
}

const outcomeOf = (error: Error) =>
  explainFailedLaunch(error, {
    sent: true,
    signal: new AbortController().signal,
    isDefinite: isDefiniteRefusal,
  }).kind;

const capacity = "Uh oh. This machine type can't start due to insufficient capacity or higher " +
  "than normal demand. Please try again later.";
const gradient =
  "Failed to create resource: We are currently out of capacity for the selected VM " +
  "type. Try again in a few minutes, or select a different instance.";
const retired =
  "Failed to create resource: Not found. Please contact support@paperspace.com for help.";

type Row = readonly [
  status: number,
  code: string | undefined,
  message: string,
  kind: string,
  outcome: string,
];

const rows: readonly Row[] = [
  [400, "PARSE_ERROR", "Failed to parse request body", "invalid_request", "rejected"],
  [400, "BAD_REQUEST", "Input validation failed", "invalid_request", "rejected"],
  [401, "UNAUTHORIZED", "Unauthorized", "unauthorized", "unauthorized"],
  [401, undefined, "Invalid API token", "unauthorized", "unknown"],
  [403, "FORBIDDEN", "You do not have permission", "unauthorized", "unauthorized"],
  [
    403,
    "FORBIDDEN",
    "Machine type H100 requires approval for this team.",
    "invalid_request",
    "rejected",
  ],
  [404, "NOT_FOUND", "Template not found", "invalid_request", "rejected"],
  [405, "METHOD_NOT_SUPPORTED", "Method not supported", "invalid_request", "rejected"],
  [408, "TIMEOUT", "Took too long", "transient", "unknown"],
  [409, "CONFLICT", "This machine is currently starting.", "conflict", "unknown"],
  [400, "BAD_REQUEST", "This machine is currently starting.", "conflict", "unknown"],
  [409, "CONFLICT", capacity, "availability", "unknown"],
  [412, "PRECONDITION_FAILED", "A requirement is not met", "conflict", "unknown"],
  [413, "PAYLOAD_TOO_LARGE", "Request body is too large", "invalid_request", "rejected"],
  [429, "TOO_MANY_REQUESTS", "Too many requests", "rate_limit", "rateLimited"],
  // A throttle may speak of limits; one that speaks of capacity is none.
  [429, "TOO_MANY_REQUESTS", "Rate limit exceeded", "rate_limit", "rateLimited"],
  [429, "TOO_MANY_REQUESTS", capacity, "availability", "outOfCapacity"],
  [499, "CLIENT_CLOSED_REQUEST", "Client closed request", "transient", "unknown"],
  [500, "INTERNAL_SERVER_ERROR", "Internal server error", "transient", "unknown"],
  // The vendor's own failure, whatever it says.
  [500, "BAD_REQUEST", "Quota exceeded", "transient", "unknown"],
  [500, "INTERNAL_SERVER_ERROR", capacity, "availability", "unknown"],
  [400, "BAD_REQUEST", capacity, "availability", "outOfCapacity"],
  [400, "BAD_REQUEST", gradient, "availability", "outOfCapacity"],
  [400, "BAD_REQUEST", retired, "invalid_request", "rejected"],
  [404, "NOT_FOUND", retired, "invalid_request", "rejected"],
  [400, "BAD_REQUEST", "Please add a credit card.", "billing", "billing"],
  [402, "PAYMENT_REQUIRED", "An invoice is past due.", "billing", "billing"],
  [400, "BAD_REQUEST", "Your account was locked", "billing", "billing"],
  [
    400,
    "BAD_REQUEST",
    "Your team has reached its maximum number of machines.",
    "quota",
    "quotaExceeded",
  ],
  // The framework in front of the API.
  [400, "FST_ERR_CTP_EMPTY_JSON_BODY", "Body cannot be empty", "invalid_request", "rejected"],
  // Without a code it is not surely the API's own word.
  [400, undefined, "Bad request", "invalid_request", "unknown"],
  [418, "TEAPOT", "Short and stout", "unknown", "rejected"],
  [418, undefined, "Short and stout", "unknown", "unknown"],
  [200, undefined, "Fine", "unknown", "unknown"],
];
for (const [status, code, message, kind, outcome] of rows) {
  Deno.test(`${status} ${code} "${message.slice(0, 40)}" is ${kind}, for launches ${outcome}`, () => {
    const error = classify(status, { message, ...(code && { code }) });
    assert.equal(error.kind, kind);
    assert.deepEqual([error.status, error.code], [status, code]);
    assert.equal(outcomeOf(error), outcome);
    const quoted = code === undefined ? "" : ` "${code}"`;
    assert.equal(
      error.message,
      `Cannot rent a machine: Paperspace answered ${status}${quoted}: ${message}`,
    );
  });
}

Deno.test("answers that are not the API's are told by their status alone", () => {
  const cases: [number, unknown, string, string][] = [
    [404, "<html><title>Not found</title></html>", "retired", "unknown"],
    [404, "", "retired", "unknown"],
    [410, { message: "Gone", code: "GONE" }, "retired", "rejected"],
    [502, "<html><title>502 Bad Gateway: no capacity</title></html>", "transient", "unknown"],
    [503, "", "transient", "unknown"],
    [429, "", "rate_limit", "rateLimited"],
    [403, "<html>Blocked</html>", "unauthorized", "unknown"],
    [302, "", "invalid_request", "unknown"],
    [400, null, "invalid_request", "unknown"],
    [400, { error: { name: "Old", status: 400, message: "quota" } }, "invalid_request", "unknown"],
  ];
  for (const [status, body, kind, outcome] of cases) {
    const error = classify(status, body);
    assert.deepEqual([error.kind, outcomeOf(error)], [kind, outcome], `${status} ${body}`);
  }
});

Deno.test("what is not found depends on what was asked for", () => {
  const missing = (operation: string, status = 404) => {
    const error = classify(status, { message: "Not found", code: "NOT_FOUND" }, operation);
    return [error.kind, isNoSuchThing(error)];
  };
  for (const operation of ["machines-get", "machines-delete", "startupScripts-delete"]) {
    assert.deepEqual(missing(operation), ["not_found", true]);
    assert.deepEqual(missing(operation, 400), ["not_found", false]);
  }
  for (const operation of ["auth-session", "machines-list", "osTemplates-list"]) {
    assert.deepEqual(missing(operation), ["retired", false]);
  }
  assert.deepEqual(missing("machineAvailability-list"), ["invalid_request", false]);
  const page = classify(404, "<html>", "machines-get");
  assert.deepEqual([page.kind, isNoSuchThing(page)], ["retired", false]);
});

Deno.test("the table has every code of the vendor's, and no names that every object has", () => {
  assert.deepEqual(Object.keys(paperspaceErrorKinds).sort(), Object.keys(simErrorRows).sort());
  for (const code of ["toString", "constructor", "__proto__"]) {
    assert.equal(classify(418, { message: "Odd", code }).kind, "unknown");
  }
});

Deno.test("messages say which fields were not right, old and new form, and no secret", () => {
  const issues = [
    { code: "invalid_type", path: ["templateId"], message: "Required" },
    { path: ["items", 0], message: "canary_secret_key is odd" },
    { message: "third" },
    { message: "fourth" },
  ];
  const expected =
    'Cannot rent a machine: Paperspace answered 400 "BAD_REQUEST": Input validation ' +
    "failed; templateId: Required; items.0: [redacted] is odd; third";
  for (const where of [{ details: { issues } }, { issues }]) {
    const error = classify(400, {
      message: "Input validation failed",
      code: "BAD_REQUEST",
      ...where,
    });
    assert.equal(error.message, expected);
  }
  const odd = { message: "Odd", code: "BAD_REQUEST", details: "none", issues: 17 };
  assert.match(classify(400, odd).message, /: Odd$/);
});

Deno.test("Retry-After is read", () => {
  const body = { message: "Too many requests", code: "TOO_MANY_REQUESTS" };
  const headers = { "retry-after": "7" };
  assert.equal(classify(429, body, "machines-list", headers).retryAfterMs, 7_000);
  assert.equal(classify(429, body).retryAfterMs, undefined);
});
