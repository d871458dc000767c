import assert from "node:assert/strict";
import { ProviderError, type ProviderErrorDetails } from "../../providers/errors.ts";
import { SendDeadlinePassedError } from "../../providers/http/launch_sending.ts";
import {
  explainFailedLaunch,
  launchOutcomeKinds,
  runLaunch,
} from "../../providers/launch_outcome.ts";
import { LaunchTicket } from "../../providers/launch_ticket.ts";
import type { LaunchRequest } from "../../providers/contract.ts";

const never = new AbortController().signal;

function failure(details: Partial<ProviderErrorDetails>): ProviderError {
  return new ProviderError("Cannot rent a machine: no", {
    kind: "transient",
    account: "a",
    operation: "launch",
    ...details,
  });
}

function explain(error: unknown, sent: boolean, isDefinite = true): string {
  return explainFailedLaunch(error, { sent, signal: never, isDefinite: () => isDefinite }).kind;
}

Deno.test("what may have left something behind is unknown, whatever the vendor says", () => {
  for (const kind of ["transient", "conflict"] as const) {
    assert.equal(launchOutcomeKinds[kind], "unknown");
    assert.equal(explain(failure({ kind, status: 409 }), true), "unknown");
  }
  assert.equal(explain(failure({ kind: "availability", status: 400 }), true, false), "unknown");
  assert.equal(explain(new TypeError("connection reset by peer"), true), "unknown");
});

Deno.test("a definite refusal is named by its kind", () => {
  assert.equal(explain(failure({ kind: "availability", status: 400 }), true), "outOfCapacity");
  assert.equal(explain(failure({ kind: "retired", status: 410 }), true), "rejected");
});

Deno.test("before the order left, only the vendor's own refusal is more than notSent", () => {
  assert.equal(explain(failure({ kind: "transient", status: 502 }), false), "notSent");
  assert.equal(explain(failure({ kind: "transient" }), false), "notSent");
  assert.equal(explain(failure({ kind: "unauthorized", status: 401 }), false), "unauthorized");
  assert.equal(explain(failure({ cause: new SendDeadlinePassedError() }), false), "notSent");
  assert.equal(explain(new Error("whatever"), false), "notSent");
});

Deno.test("a connection that could not be made is notSent although it was tried", () => {
  const cause = new TypeError("fetch failed", {
    cause: new Error("client error (Connect): tcp connect error: Connection refused"),
  });
  assert.equal(explain(failure({ cause }), true), "notSent");
});

Deno.test("an order gives its place back, and hides what was sent along", async () => {
  const request: LaunchRequest = {
    name: "tgp-abc123-a-b",
    claimUid: "u",
    nodePool: "p",
    instanceType: "t",
    region: "r",
    capacityType: "on-demand",
    workload: {
      kind: "container",
      image: "i",
      args: [],
      env: { TOKEN: "canary-token-value" },
      ports: [],
      diskGb: 1,
    },
    sendBefore: 1,
  };
  let returned = 0;
  const permit = new LaunchTicket({ giveBack: () => returned++, use: () => 0 });
  const attempt = {
    request,
    permit,
    apiKey: "canary-api-key",
    signal: never,
    isDefinite: () => true,
    send: () =>
      Promise.resolve(
        { kind: "rejected", message: "canary-api-key canary-token-value" } as const,
      ),
  };
  assert.deepEqual(await runLaunch(attempt), {
    kind: "rejected",
    message: "[redacted] [redacted]",
  });
  assert.equal(returned, 1);
  assert.equal((await runLaunch(attempt)).kind, "notSent");
});
