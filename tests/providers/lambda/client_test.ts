import assert from "node:assert/strict";
import fc from "fast-check";
import { ProviderError } from "../../../providers/errors.ts";
import type { Provider } from "../../../providers/contract.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import { readOurDocument } from "../../support/vendor_documents.ts";
import { scriptAccount } from "../scripted_account.ts";
import { canaryKey, canaryUserData, lambdaEntry } from "./lambda_world.ts";
import { arbitraryOf } from "../../support/schema_arbitrary.ts";

const never = new AbortController().signal;
const ours = await readOurDocument("lambda.openapi.yaml");

const setUp = (answer: (request: Request) => Response) =>
  scriptAccount(lambdaEntry(), canaryKey, answer);

type Operation = (provider: Provider, clock: FakeClock) => Promise<unknown>;

/** Every operation that reads an answer, by the path whose schema it has. */
const operations: Readonly<Record<string, Operation>> = {
  "get /instance-types": (provider) => provider.listOffers({}, never),
  "get /instances": (provider) => provider.listInstances(never),
  "get /instances/{id}": (provider) => provider.getInstance("a", never),
  "get /ssh-keys": (provider) => provider.verifyCredentials(never),
  "post /instance-operations/terminate": (provider) => provider.terminate("a", never),
  "post /instance-operations/launch": launch,
};

async function launch(provider: Provider, clock: FakeClock): Promise<unknown> {
  const permit = await provider.acquireLaunch(never);
  return await provider.launch(
    {
      name: "tgp-abc123-train-q7x2k9",
      claimUid: "u",
      nodePool: "train",
      instanceType: "t",
      region: "r",
      capacityType: "on-demand",
      workload: { kind: "machine", userData: canaryUserData },
      sendBefore: clock.now() + 60_000,
    },
    permit,
    never,
  );
}

for (const [name, operation] of Object.entries(operations)) {
  const [method = "", path = ""] = name.split(" ");
  const response = ours.paths[path]?.[method]?.responses["200"] as {
    content: Record<string, { schema: unknown }>;
  };
  const valid = arbitraryOf(ours, response.content["application/json"]?.schema);

  /** Runs the operation; only its own kinds of failure may come out, without secrets. */
  const survive = async (body: string, status: number) => {
    const { provider, recorder, run, clock } = setUp(() => new Response(body, { status }));
    try {
      const result = await run(operation(provider, clock));
      assert.ok(!JSON.stringify(result ?? null).includes(canaryKey));
    } catch (error) {
      assert.ok(error instanceof ProviderError, String(error));
      assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(canaryKey));
    }
    assert.ok(!recorder.text.includes(canaryKey));
  };

  Deno.test(`${name}: no documented answer is misread`, async () => {
    await fc.assert(
      fc.asyncProperty(valid, async (body) => {
        const { provider, run, clock } = setUp(() => Response.json(body));
        try {
          await run(operation(provider, clock));
        } catch (error) {
          // What a right answer may still mean: no such key, or not the machine that was meant.
          assert.ok(error instanceof ProviderError, String(error));
          assert.doesNotMatch(error.message, /not as documented|not JSON/);
        }
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`${name}: any answer ends in a result or a ProviderError`, async () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((data) => JSON.stringify({ data })),
      fc.jsonValue().map((error) => JSON.stringify({ error })),
      fc.constant(`{"error":{"code":"a/b","message":"your key is ${canaryKey}"}}`),
      fc.constant(`<html>${canaryKey}</html>`),
    );
    const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503);
    await fc.assert(fc.asyncProperty(text, status, survive), { numRuns: 100 });
  });
}

Deno.test("requests carry the key, a name for the client, and never follow redirects", async () => {
  const { provider, requests, run } = setUp(() => Response.json({ data: [] }));
  await run(provider.listInstances(never));
  const [request] = requests;
  assert.equal(request?.url, "https://cloud.lambda.ai/api/v1/instances");
  assert.equal(request.headers.get("authorization"), `Bearer ${canaryKey}`);
  assert.match(request.headers.get("user-agent") ?? "", /^tgp\//);
  assert.equal(request.redirect, "manual");
});

Deno.test("ids are put into paths as one part", async () => {
  const { provider, requests, run } = setUp(() =>
    Response.json({ error: { code: "global/object-does-not-exist", message: "" } }, { status: 404 })
  );
  assert.equal(await run(provider.getInstance("../ssh-keys?x=1", never)), null);
  assert.equal(
    requests[0]?.url,
    "https://cloud.lambda.ai/api/v1/instances/..%2Fssh-keys%3Fx%3D1",
  );
});

Deno.test("a missing page is not a missing machine", async () => {
  const page = () => new Response("<html><title>404</title></html>", { status: 404 });
  const { provider, run } = setUp(page);
  await assert.rejects(run(provider.getInstance("a", never)), { kind: "not_found" });
  await assert.rejects(run(provider.terminate("a", never)), ProviderError);
});

Deno.test("a 200 without the machine in it has not ended it", async () => {
  const { provider, run } = setUp((request) =>
    request.method === "POST"
      ? Response.json({ data: { terminated_instances: [] } })
      : Response.json({ data: { id: "a", status: "active" } })
  );
  await assert.rejects(run(provider.terminate("a", never)), {
    kind: "transient",
    message: 'Cannot end a machine: machine "a" is not in the answer',
  });
});

Deno.test("a launch answered with no id, or with two, is unknown", async () => {
  for (const ids of [[], ["a", "b"], [""]]) {
    const { provider, run, clock } = setUp(() => Response.json({ data: { instance_ids: ids } }));
    const outcome = await run(launch(provider, clock)) as { kind: string };
    assert.equal(outcome.kind, "unknown");
  }
});

Deno.test("a launch is one request with a body that cannot be sent twice", async () => {
  const { provider, requests, run, clock } = setUp(() =>
    Response.json({ data: { instance_ids: ["a"] } })
  );
  await run(launch(provider, clock));
  assert.equal(requests.length, 1);
  const body = await requests[0]?.json();
  assert.equal(body.user_data, canaryUserData);
});

Deno.test("one machine type that cannot be read does not hide the others", async () => {
  const text = await Deno.readTextFile(
    new URL("../../fixtures/lambda/instance_types.json", import.meta.url),
  );
  const { provider, recorder, run } = setUp(() => new Response(text));
  const offers = await run(provider.listOffers({}, never));
  assert.equal(new Set(offers.map((offer) => offer.instanceType)).size, 6);
  assert.match(recorder.text, /Machine type left out.*gpu_broken/);
});
