/**
 * The functions that rules may use, each with what a real server makes of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, getIn, type Json } from "../../sim/api_server/json.ts";
import { celExpressions, celSubject, type CelVerdict } from "./cel_expressions.ts";
import type { ContractCase, ContractCluster } from "./cluster.ts";
import { eventually, findCondition, send, textAt } from "./steps.ts";

const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** A kind with the expressions as rules, each with its number for a message. */
function definition(group: string, expressions: readonly string[]): Json {
  const short = { type: "string", maxLength: 9 };
  const rules = expressions.map((rule, index) => ({ rule, message: toMessage(index) }));
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `sums.${group}` },
    spec: {
      group,
      scope: "Cluster",
      names: { plural: "sums", singular: "sum", kind: "Sum" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                "x-kubernetes-validations": rules,
                properties: {
                  text: short,
                  words: { type: "array", maxItems: 5, items: short },
                  numbers: { type: "array", maxItems: 5, items: { type: "integer" } },
                },
              },
            },
          },
        },
      }],
    },
  };
}

async function define(
  cluster: ContractCluster,
  expressions: readonly string[],
): Promise<{ readonly group: string; readonly path: string }> {
  const group = `${cluster.unique("g")}.example.com`;
  await send(cluster, "POST", crds, { body: definition(group, expressions) });
  const path = `/apis/${group}/v1/sums`;
  await eventually(cluster, "sums are served", async () => {
    const crd = await send(cluster, "GET", `${crds}/sums.${group}`);
    if (findCondition(crd, "Established")?.status !== "True") return undefined;
    return (await cluster.request("GET", path)).status === 200 ? true : undefined;
  });
  return { group, path };
}

/** What each expression came to for one object. */
async function evaluate(
  cluster: ContractCluster,
  expressions: readonly string[],
): Promise<readonly CelVerdict[]> {
  const { group, path } = await define(cluster, expressions);
  const answer = await cluster.request("POST", path, {
    body: {
      apiVersion: `${group}/v1`,
      kind: "Sum",
      metadata: { name: "a" },
      spec: celSubject,
    },
  });
  const messages = asArray(getIn(answer.body, "details", "causes"))
    .map((cause) => textAt(cause, "message"));
  return expressions.map((_, index) => {
    const message = messages.find((text) => text.endsWith(`: ${toMessage(index)}`));
    if (message === undefined) return "true";
    return message.includes("evaluating rule: ") ? "error" : "false";
  });
}

function toMessage(index: number): string {
  return `rule ${index}`;
}

/** See the module. */
export const celCases: readonly ContractCase[] = [
  ...Object.entries(celExpressions).map(([library, table]) => ({
    name: `rules have functions for ${library}`,
    async run(cluster: ContractCluster) {
      const verdicts = await evaluate(cluster, table.map(([expression]) => expression));
      assert.deepEqual(
        table.map(([expression], index) => [expression, verdicts[index]]),
        table.map((row) => [...row]),
      );
    },
  })),
  {
    name: "a rule with a function that there is not is refused with its definition",
    async run(cluster) {
      for (
        const rule of ["nonsense(self)", "self.text.nonsense()", "self.words.all(w, w.nonsense())"]
      ) {
        const answer = await cluster.request("POST", crds, {
          body: definition(`${cluster.unique("g")}.example.com`, [rule]),
        });
        assert.equal(answer.status, 422, rule);
        assert.match(textAt(answer.body, "message"), /compilation failed/);
      }
    },
  },
];
