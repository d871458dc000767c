import assert from "node:assert/strict";
import { CreatePodDocument } from "../../../../generated/runpod_graphql.ts";
import { print } from "graphql";
import { findLeaks, toExposedText } from "../../../support/leaks.ts";
import { canaryEnvironment, canaryKey, runpodEntry } from "../runpod_world.ts";
import { scriptRunpod } from "../scripted.ts";

const never = new AbortController().signal;
const entry = runpodEntry({ protocol: "GraphQL" });
const secrets = [canaryKey, canaryEnvironment];

Deno.test("requests carry the key in the header only, a name for the client, and never follow redirects", async () => {
  const { provider, requests, run } = scriptRunpod(
    () => Response.json({ data: { myself: { id: "user_1", pods: [] } } }),
    entry,
  );
  await run(provider.listInstances(never));
  const [request] = requests;
  assert.equal(request?.url, "https://api.runpod.io/graphql");
  assert.equal(request.method, "POST");
  assert.equal(request.headers.get("authorization"), `Bearer ${canaryKey}`);
  assert.match(request.headers.get("user-agent") ?? "", /^tgp\//);
  assert.equal(request.headers.get("content-type"), "application/json");
  assert.equal(request.redirect, "manual");
  assert.equal((await request.json()).operationName, "ListPods");
});

Deno.test("a launch is one request with a body that cannot be sent twice", async () => {
  let streamed: boolean | undefined;
  const { requests, launch } = scriptRunpod((request) => {
    streamed = request.body instanceof ReadableStream;
    return Response.json({ data: { podFindAndDeployOnDemand: { id: "k3v9" } } });
  }, entry);
  assert.deepEqual(await launch(), {
    kind: "launched",
    instanceId: "k3v9",
    providerID: "runpod:///k3v9",
  });
  assert.equal(requests.length, 1);
  assert.equal(streamed, true);
  const body = await requests[0]?.json();
  assert.equal(body.query, print(CreatePodDocument));
  assert.deepEqual(body.variables.input.env[0], { key: "API_TOKEN", value: canaryEnvironment });
});

/** What graphql-request itself would put into an error: the whole answer and the variables. */
const spoilt: Readonly<Record<string, () => Response>> = {
  "errors in 200": () =>
    Response.json({ errors: [{ message: `no: ${canaryEnvironment}` }], data: null }),
  "errors in 400": () =>
    Response.json({
      errors: [{
        message:
          `Variable "$input" got invalid value { env: [{ value: "${canaryEnvironment}" }] }; Field "x" is not defined.`,
        extensions: { code: "BAD_USER_INPUT" },
      }],
    }, { status: 400 }),
  "a page": () => new Response(`<title>${canaryEnvironment}</title>`, { status: 503 }),
  "a page in 200": () => new Response(`<title>${canaryEnvironment}</title>`),
  "another type of content": () =>
    new Response(JSON.stringify({ data: 17 }), { headers: { "content-type": "text/plain" } }),
  "nothing": () => new Response(""),
  "null": () => Response.json(null),
  "a list": () => Response.json([]),
  "no data": () => Response.json({}),
};
for (const [what, answer] of Object.entries(spoilt)) {
  Deno.test(`neither key nor variables come out of a launch that is answered with ${what}`, async () => {
    const { launch, recorder } = scriptRunpod(answer, entry);
    const outcome = await launch();
    assert.notEqual(outcome.kind, "launched");
    assert.deepEqual(findLeaks(toExposedText(outcome), secrets), []);
    assert.deepEqual(findLeaks(recorder.text, secrets), []);
  });

  Deno.test(`a read that is answered with ${what} throws no more than it says`, async () => {
    const { provider, run } = scriptRunpod(answer, entry);
    const error = await run(provider.listInstances(never)).then(
      () => assert.fail("did not throw"),
      (error: unknown) => error,
    );
    // No variables, no headers, no document.
    assert.doesNotMatch(toExposedText(error), /query ListPods|Bearer|fragment/);
    assert.deepEqual(findLeaks(toExposedText(error), [canaryKey]), []);
  });
}

Deno.test("any JSON is taken, whatever its type of content says", async () => {
  const { provider, run } = scriptRunpod(
    () =>
      new Response(JSON.stringify({ data: { myself: { id: "user_1" } } }), {
        headers: { "content-type": "application/graphql-response+json" },
      }),
    entry,
  );
  assert.deepEqual(await run(provider.verifyCredentials(never)), { account: "user_1" });
});

Deno.test("retirement says what to do", async () => {
  const { provider, run } = scriptRunpod(() => new Response("Gone", { status: 410 }), entry);
  await assert.rejects(run(provider.listInstances(never)), {
    kind: "retired",
    message: /set runpod\.protocol to REST/,
  });
});
