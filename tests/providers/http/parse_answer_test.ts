import assert from "node:assert/strict";
import { z } from "zod";
import { ProviderError } from "../../../providers/errors.ts";
import {
  type AnswerContext,
  explainMismatch,
  parseAnswer,
} from "../../../providers/http/parse_answer.ts";
import { toAnswerError } from "../../../providers/http/failed_answer.ts";
import { createRedact } from "../../../providers/redact.ts";

const context: AnswerContext = {
  account: "a",
  operation: "list",
  action: "list machines",
  vendor: "Cloud",
  redact: createRedact(["secret-key-value"]),
  now: 0,
  toError: (answer, failure) => toAnswerError(answer, { kind: "quota" }, failure),
};
const machines = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

function parse(data: string): unknown {
  return parseAnswer(machines, { data, response: new Response() }, context);
}

Deno.test("a documented answer is parsed", () => {
  assert.deepEqual(parse('{"data":[{"id":"a","status":"up","more":1}]}'), {
    data: [{ id: "a", status: "up" }],
  });
});

Deno.test("what is no JSON is transient, and quoted without secrets", () => {
  assert.throws(() => parse("<html>secret-key-value"), (error) => {
    assert.ok(error instanceof ProviderError && error.kind === "transient");
    assert.equal(
      error.message,
      'Cannot list machines: Cloud\'s answer is not JSON but "<html>[redacted]"; check the address',
    );
    return true;
  });
  assert.throws(() => parse(""), /is not JSON but empty/);
  // No half of a secret is left where a quote is cut.
  for (let before = 60; before < 85; before++) {
    assert.throws(
      () => parse(`${"x".repeat(before)}secret-key-value`),
      (error) => !/x+sec/.test(String(error)),
    );
  }
});

Deno.test("what is not as documented is unknown, and the field is named", () => {
  assert.throws(() => parse('{"data":[{"id":"a","status":5}]}'), {
    kind: "unknown",
    message: /^Cannot list machines: Cloud's answer is not as documented: data\[0\]\.status: /,
  });
});

Deno.test("a failure is what the vendor's table says", () => {
  const response = new Response(null, { status: 400 });
  assert.throws(() => parseAnswer(machines, { error: "no", response }, context), {
    kind: "quota",
    message: "Cannot list machines: Cloud answered 400: no",
  });
});

Deno.test("explainMismatch() names the place", () => {
  const { error } = machines.safeParse({ data: [{ id: "a", status: 5 }] });
  assert.ok(error);
  assert.match(explainMismatch(error), /^data\[0\]\.status: .*expected string/);
  const root = z.string().safeParse(1).error;
  assert.ok(root);
  assert.match(explainMismatch(root), /^the answer: /);
});
