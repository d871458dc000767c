import assert from "node:assert/strict";
import fc from "fast-check";
import type { DocumentNode } from "graphql";
import { buildSchema } from "graphql";
import * as documents from "../../../../generated/runpod_graphql.ts";
import * as spotDocuments from "../../../../generated/runpod_spot_graphql.ts";
import { ProviderError } from "../../../../providers/errors.ts";
import { arbitraryData } from "../../../support/graphql_arbitrary.ts";
import { findLeaks, toExposedText } from "../../../support/leaks.ts";
import { canaryEnvironment, canaryKey, runpodEntry } from "../runpod_world.ts";
import { type ScriptedRunpod, scriptRunpod } from "../scripted.ts";

const never = new AbortController().signal;
const secrets = [canaryKey, canaryEnvironment];
const schema = buildSchema(
  await Deno.readTextFile(
    new URL("../../../../schemas/vendors/runpod.graphql", import.meta.url),
  ),
);

/** Without these an answer says nothing; that the vendor leaves them out is an error of its own. */
const present = new Set([
  "Query.myself",
  "Query.gpuTypes",
  "User.id",
  "User.pods",
  "Mutation.podFindAndDeployOnDemand",
  "Mutation.podRentInterruptable",
]);

const byName: Readonly<Record<string, DocumentNode>> = Object.fromEntries(
  [...Object.entries(documents), ...Object.entries(spotDocuments)].map(([name, document]) => [
    name.replace(/Document$/, ""),
    document,
  ]),
);

const operations: Readonly<
  Record<
    string,
    { readonly community?: boolean; readonly run: (account: ScriptedRunpod) => Promise<unknown> }
  >
> = {
  "Myself, to verify": { run: ({ provider, run }) => run(provider.verifyCredentials(never)) },
  "Myself, to check": { run: ({ provider, run }) => run(provider.checkAccount(never)) },
  ListPods: { run: ({ provider, run }) => run(provider.listInstances(never)) },
  GetPod: { run: ({ provider, run }) => run(provider.getInstance("a", never)) },
  "Catalog and SpotPrices": { run: ({ provider, run }) => run(provider.listOffers({}, never)) },
  "Catalog, CountryStock and SpotPrices": {
    community: true,
    run: ({ provider, run }) => run(provider.listOffers({}, never)),
  },
  CreatePod: { run: ({ launch }) => launch() },
  TerminatePod: { run: ({ provider, run }) => run(provider.terminate("a", never)) },
};

/** Answers each request with data for its operation. */
function answerWith(
  random: fc.GeneratorValue,
  neverNull: ReadonlySet<string> | undefined,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { operationName, variables } = await request.json();
    const document = byName[operationName];
    assert.ok(document !== undefined, operationName);
    const data = arbitraryData({ schema, document, variables, present: neverNull });
    return Response.json({ data: random(() => data) });
  };
}

for (const [name, { community = false, run }] of Object.entries(operations)) {
  const entry = runpodEntry({
    protocol: "GraphQL",
    cloudType: community ? "Community" : "Secure",
  });

  Deno.test(`${name}: no usual answer is misread`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (random) => {
        const result = await run(scriptRunpod(answerWith(random, present), entry));
        if (name === "CreatePod") assert.equal((result as { kind: string }).kind, "launched");
      }),
      { numRuns: 80 },
    );
  });

  Deno.test(`${name}: whatever the schema allows ends in a result or a ProviderError`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (random) => {
        const account = scriptRunpod(answerWith(random, undefined), entry);
        try {
          await run(account);
        } catch (error) {
          assert.ok(error instanceof ProviderError, String(error));
        }
      }),
      { numRuns: 80 },
    );
  });

  Deno.test(`${name}: any answer ends in a result or a ProviderError`, async () => {
    const repeat = `your key ${canaryKey}, your input { value: "${canaryEnvironment}" }`;
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((data) => JSON.stringify({ data })),
      fc.jsonValue().map((errors) => JSON.stringify({ errors })),
      fc.jsonValue().map((data) => JSON.stringify({ data, errors: [{ message: "no" }] })),
      fc.constant(JSON.stringify({ errors: [{ message: repeat }], data: null })),
      fc.constant(`<html>${canaryKey}</html>`),
    );
    const status = fc.constantFrom(200, 302, 400, 401, 403, 404, 410, 418, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(text, status, async (body, status) => {
        const account = scriptRunpod(() => new Response(body, { status }), entry);
        try {
          const result = await run(account);
          // Only an order tells the environment that it must not be repeated.
          const hidden = name === "CreatePod" ? secrets : [canaryKey];
          assert.deepEqual(findLeaks(toExposedText(result), hidden), []);
        } catch (error) {
          assert.ok(error instanceof ProviderError, String(error));
          assert.deepEqual(findLeaks(toExposedText(error), [canaryKey]), []);
        }
        assert.deepEqual(findLeaks(account.recorder.text, secrets), []);
      }),
      { numRuns: 120 },
    );
  });
}

Deno.test("serverless workers are no machines", async () => {
  const pod = (id: string, aiApiId: string | null) => ({
    id,
    name: id,
    desiredStatus: "RUNNING",
    gpuCount: 1,
    aiApiId,
    env: [],
  });
  const { provider, run } = scriptRunpod(
    () =>
      Response.json({
        data: { myself: { id: "user_1", pods: [pod("a", null), pod("b", "ep1"), pod("c", "")] } },
      }),
    runpodEntry({ protocol: "GraphQL" }),
  );
  const instances = await run(provider.listInstances(never));
  // No name at all is no endpoint: a machine must not drop out of sight for that.
  assert.deepEqual(instances.map(({ id }) => id), ["a", "c"]);
});

Deno.test("nobody is never taken for no pods", async () => {
  const { provider, run } = scriptRunpod(
    () => Response.json({ data: { myself: null, pod: null } }),
    runpodEntry({ protocol: "GraphQL" }),
  );
  await assert.rejects(run(provider.listInstances(never)), { kind: "unauthorized" });
  await assert.rejects(run(provider.getInstance("a", never)), { kind: "unauthorized" });
  await assert.rejects(run(provider.verifyCredentials(never)), { kind: "unauthorized" });
});

/** RunPod's answer to the look-up of a pod, as a mistake; to whose key it is, the given one. */
function answerNoSuchPod(code: string, myself: unknown): (request: Request) => Promise<Response> {
  const error = { message: "pod not found", path: ["pod"], extensions: { code } };
  return async (request) => {
    const { operationName } = await request.json();
    const whole = operationName !== "GetPod";
    return Response.json(
      whole ? { data: { myself } } : { errors: [error], data: { myself, pod: null } },
    );
  };
}

for (const code of ["RUNPOD", "POD_NOT_FOUND"]) {
  Deno.test(`a pod that RunPod does not find is gone, said as an error of code ${code}`, async () => {
    const { provider, run } = scriptRunpod(
      answerNoSuchPod(code, { id: "user_1" }),
      runpodEntry({ protocol: "GraphQL" }),
    );
    assert.equal(await run(provider.getInstance("a", never)), null);
  });
}

Deno.test("a pod that RunPod does not find for nobody says nothing", async () => {
  const { provider, run } = scriptRunpod(
    answerNoSuchPod("POD_NOT_FOUND", null),
    runpodEntry({ protocol: "GraphQL" }),
  );
  await assert.rejects(run(provider.getInstance("a", never)), { kind: "unauthorized" });
});

Deno.test("an end that RunPod refuses without a word is confirmed by a pod that it does not find", async () => {
  const look = answerNoSuchPod("RUNPOD", { id: "user_1" });
  const { provider, run } = scriptRunpod(async (request) => {
    const { operationName } = await request.clone().json();
    if (operationName !== "TerminatePod") return await look(request);
    return Response.json({ errors: [{ message: "no" }], data: { podTerminate: null } });
  }, runpodEntry({ protocol: "GraphQL" }));
  await run(provider.terminate("a", never));
});
