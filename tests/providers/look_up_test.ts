import assert from "node:assert/strict";
import { toLambdaError } from "../../providers/lambda/errors.ts";
import {
  toInstance as toLambdaInstance,
  toLocation as toLambdaLocation,
} from "../../providers/lambda/map.ts";
import { instanceSchema } from "../../providers/lambda/wire.ts";
import { lookUp } from "../../providers/look_up.ts";
import { toPaperspaceError } from "../../providers/paperspace/errors.ts";
import { toInstance as toPaperspaceInstance } from "../../providers/paperspace/map.ts";
import { machineSchema } from "../../providers/paperspace/wire.ts";
import { toRunpodError } from "../../providers/runpod/errors.ts";
import { fromGraphqlPod } from "../../providers/runpod/graphql/pod.ts";
import { podSchema as graphqlPodSchema } from "../../providers/runpod/graphql/wire.ts";
import { fromRestPod } from "../../providers/runpod/rest/pod.ts";
import { podSchema as restPodSchema } from "../../providers/runpod/rest/wire.ts";

/** What every object has. */
const inherited = ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"];

Deno.test("lookUp() finds what a table has, and nothing that every object has", () => {
  assert.equal(lookUp({ off: "stopped" }, "off"), "stopped");
  for (const word of ["on", ...inherited]) {
    assert.equal(lookUp({ off: "stopped" }, word), undefined);
  }
});

Deno.test("a word that every object knows is an unknown state at every cloud", () => {
  for (const word of inherited) {
    const states = [
      toLambdaInstance(instanceSchema.parse({ id: "a", status: word }), "abc123").state,
      toPaperspaceInstance(machineSchema.parse({ id: "a", state: word }), "abc123").state,
      fromRestPod(restPodSchema.parse({ id: "a", status: word })).state,
      fromGraphqlPod(graphqlPodSchema.parse({ id: "a", desiredStatus: word })).state,
    ];
    assert.deepEqual(states, ["unknown", "unknown", "unknown", "unknown"], word);
    assert.equal(toLambdaLocation(word).country, undefined, word);
  }
});

Deno.test("a word that every object knows is an unknown code at every cloud", () => {
  const context = {
    account: "a",
    operation: "launch",
    action: "rent",
    vendor: "V",
    redact: (text: string) => text,
    now: 0,
  };
  const headers = new Headers();
  for (const code of inherited) {
    const kinds = [
      toLambdaError({ status: 418, headers, body: { error: { code, message: "m" } } }, context),
      toPaperspaceError({ status: 418, headers, body: { code, message: "m" } }, context),
      toRunpodError({
        status: 200,
        headers,
        body: { errors: [{ message: "m", extensions: { code } }] },
      }, context),
    ].map(({ kind }) => kind);
    assert.deepEqual(kinds, ["unknown", "unknown", "unknown"], code);
  }
});
