import assert from "node:assert/strict";
import type { z } from "zod";
import type { components, operations } from "../../../generated/lambda.d.ts";
import {
  errorEnvelopeSchema,
  filesystemsAnswerSchema,
  imagesAnswerSchema,
  instanceAnswerSchema,
  instancesAnswerSchema,
  instanceTypesItemSchema,
  launchAnswerSchema,
  rulesetsAnswerSchema,
  sshKeysAnswerSchema,
  terminateAnswerSchema,
} from "../../../providers/lambda/wire.ts";

/** The documented answer of an operation. */
type Answer<Name extends keyof operations> = operations[Name]["responses"][200]["content"][
  "application/json"
];

/** Compiles only if every documented value is one that the schema reads. */
function reads<Wire>() {
  return <Schema extends z.ZodType>(
    schema: [Wire] extends [z.input<Schema>] ? Schema : never,
  ): Schema => schema;
}

Deno.test("the parsers read what our document promises (checked by the compiler)", () => {
  const schemas = [
    reads<Answer<"listInstances">>()(instancesAnswerSchema),
    reads<Answer<"getInstance">>()(instanceAnswerSchema),
    reads<components["schemas"]["InstanceTypesItem"]>()(instanceTypesItemSchema),
    reads<Answer<"terminateInstance">>()(terminateAnswerSchema),
    reads<Answer<"listSSHKeys">>()(sshKeysAnswerSchema),
    reads<Answer<"listImages">>()(imagesAnswerSchema),
    reads<Answer<"listFilesystems">>()(filesystemsAnswerSchema),
    reads<Answer<"firewallRulesetsList">>()(rulesetsAnswerSchema),
    reads<components["schemas"]["ErrorEnvelope"]>()(errorEnvelopeSchema),
  ];
  for (const schema of schemas) assert.equal(schema.safeParse(undefined).success, false);
});

Deno.test("null is absent, unknown fields are dropped, secrets are not read", () => {
  const parsed = instanceAnswerSchema.parse({
    data: {
      id: "a",
      status: "dreaming",
      name: null,
      ip: null,
      jupyter_token: "secret",
      jupyter_url: "https://x/?token=secret",
      is_reserved: true,
      tags: "none",
      region: 17,
    },
  });
  assert.deepEqual(parsed.data.status, "dreaming");
  assert.equal(parsed.data.name, undefined);
  assert.doesNotMatch(JSON.stringify(parsed), /secret|is_reserved/);
});

Deno.test("what money and machines hang on is strict", () => {
  const wrong = [
    instanceAnswerSchema.safeParse({ data: { id: 7, status: "active" } }),
    instanceAnswerSchema.safeParse({ data: { id: "", status: "active" } }),
    instanceAnswerSchema.safeParse({ data: { id: "a" } }),
    instancesAnswerSchema.safeParse({ data: [{ id: "a", status: "active" }, {}] }),
    launchAnswerSchema.safeParse({ data: { instance_ids: [] } }),
    launchAnswerSchema.safeParse({ data: { instance_ids: ["a", "b"] } }),
  ];
  for (const { success } of wrong) assert.equal(success, false);
});

Deno.test("a long id is read whole wherever a machine's is told", () => {
  const id = "0".repeat(1024);
  const machine = { id, status: "active" };
  assert.equal(instanceAnswerSchema.parse({ data: machine }).data.id, id);
  assert.deepEqual(launchAnswerSchema.parse({ data: { instance_ids: [id] } }).data.instance_ids, [
    id,
  ]);
  const ended = terminateAnswerSchema.parse({ data: { terminated_instances: [machine] } });
  assert.equal(ended.data.terminated_instances[0]?.id, id);
});
