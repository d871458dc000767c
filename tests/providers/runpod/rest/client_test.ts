import assert from "node:assert/strict";
import fc from "fast-check";
import { ProviderError } from "../../../../providers/errors.ts";
import { findLeaks, toExposedText } from "../../../support/leaks.ts";
import { arbitraryOf } from "../../../support/schema_arbitrary.ts";
import { readOurDocument } from "../../../support/vendor_documents.ts";
import { canaryEnvironment, canaryKey, runpodEntry } from "../runpod_world.ts";
import { type ScriptedRunpod, scriptRunpod } from "../scripted.ts";

const never = new AbortController().signal;
const ours = await readOurDocument("runpod-rest.openapi.yaml");
const secrets = [canaryKey, canaryEnvironment];

/** Every operation that reads an answer, by the path whose schema it has. */
const operations: Readonly<Record<string, (account: ScriptedRunpod) => Promise<unknown>>> = {
  "get /catalog/gpus 200": ({ provider, run }) => run(provider.listOffers({}, never)),
  "get /pods 200": ({ provider, run }) => run(provider.listInstances(never)),
  "get /pods/{id} 200": ({ provider, run }) => run(provider.getInstance("a", never)),
  "delete /pods/{id} 204": ({ provider, run }) => run(provider.terminate("a", never)),
  "post /pods 201": ({ launch }) => launch(),
};

for (const [name, operation] of Object.entries(operations)) {
  const [method = "", path = "", status = ""] = name.split(" ");
  const response = ours.paths[path]?.[method]?.responses[status] as {
    content?: Record<string, { schema: unknown }>;
  };
  const schema = response.content?.["application/json"]?.schema;
  const valid = schema === undefined ? fc.constant(null) : arbitraryOf(ours, schema);

  /** Runs the operation; only its own kinds of failure may come out, without secrets. */
  const survive = async (body: string, answered: number) => {
    const account = scriptRunpod(() => new Response(body, { status: answered }));
    try {
      assert.deepEqual(findLeaks(toExposedText(await operation(account)), secrets), []);
    } catch (error) {
      assert.ok(error instanceof ProviderError, String(error));
      assert.deepEqual(findLeaks(toExposedText(error), secrets), []);
    }
    assert.deepEqual(findLeaks(account.recorder.text, secrets), []);
  };

  Deno.test(`${name}: no documented answer is misread`, async () => {
    await fc.assert(
      fc.asyncProperty(valid, async (body) => {
        const account = scriptRunpod(() =>
          new Response(status === "204" ? null : JSON.stringify(body), { status: Number(status) })
        );
        try {
          await operation(account);
        } catch (error) {
          // What a right answer may still mean: more pages, and none that come.
          assert.ok(error instanceof ProviderError, String(error));
          assert.match(error.message, /there are more pages, and does not give them/);
        }
      }),
      { numRuns: 80 },
    );
  });

  Deno.test(`${name}: any answer ends in a result or a ProviderError`, async () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((pods) => JSON.stringify({ pods })),
      fc.jsonValue().map((gpus) => JSON.stringify({ gpus })),
      fc.jsonValue().map((detail) => JSON.stringify({ title: "t", status: 400, detail })),
      fc.constant(JSON.stringify({ title: canaryKey, status: 400, detail: `key ${canaryKey}` })),
      fc.constant(JSON.stringify({ title: "t", status: 422, detail: "", errors: [canaryKey] })),
      fc.constant(`<html>${canaryKey}</html>`),
    );
    const answered = fc.constantFrom(
      200,
      201,
      302,
      400,
      401,
      402,
      403,
      404,
      409,
      418,
      422,
      429,
      503,
    );
    await fc.assert(fc.asyncProperty(text, answered, survive), { numRuns: 120 });
  });
}

Deno.test("requests carry the key, a name for the client, and never follow redirects", async () => {
  const { provider, requests, run } = scriptRunpod(() => Response.json({ pods: [] }));
  await run(provider.listInstances(never));
  const [request] = requests;
  assert.equal(request?.url, "https://api.runpod.io/v2/pods");
  assert.equal(request.headers.get("authorization"), `Bearer ${canaryKey}`);
  assert.match(request.headers.get("user-agent") ?? "", /^tgp\//);
  assert.equal(request.redirect, "manual");
});

Deno.test("a list that never ends is no list", async () => {
  let pages = 0;
  const { provider, run } = scriptRunpod(() =>
    Response.json({ pods: [], pagination: { nextCursor: `page-${++pages}`, hasNextPage: true } })
  );
  await assert.rejects(run(provider.listInstances(never)), {
    kind: "unknown",
    message: /does not end/,
  });
  assert.ok(pages < 1_000);
});

Deno.test("ids are put into paths as one part", async () => {
  const { provider, requests, run } = scriptRunpod(() =>
    Response.json({ title: "Not Found", status: 404, detail: "pod not found" }, { status: 404 })
  );
  assert.equal(await run(provider.getInstance("../catalog?x=1", never)), null);
  assert.equal(requests[0]?.url, "https://api.runpod.io/v2/pods/..%2Fcatalog%3Fx%3D1");
});

Deno.test("stock is asked for sizes that are sold, one question each", async () => {
  const gpu = (maxCount: number) => ({
    id: "NVIDIA L4",
    manufacturer: "NVIDIA",
    memory: 24,
    secure: true,
    community: false,
    price: { secure: 0.44, community: 0 },
    maxCount: { secure: maxCount, community: 0 },
    dataCenters: [{ id: "EU-RO-1", availability: "LOW" }],
  });
  for (
    const [maxCount, counts] of [[1, ["1"]], [4, ["1", "2", "4"]], [10, [
      "1",
      "2",
      "4",
      "8",
    ]]] as const
  ) {
    const { provider, requests, run } = scriptRunpod(() =>
      Response.json({ gpus: [gpu(maxCount)] })
    );
    const offers = await run(provider.listOffers({}, never));
    const asked = requests.map(({ url }) => new URL(url).searchParams);
    assert.deepEqual(asked.map((query) => query.get("count")), counts);
    assert.equal(offers.length, counts.length);
    for (const query of asked) {
      assert.deepEqual(
        [query.get("include"), query.get("product"), query.get("cloud")],
        ["AVAILABILITY", "POD", "SECURE"],
      );
    }
  }
});

Deno.test("one GPU type that cannot be read does not hide the others, and is logged", async () => {
  const good = {
    id: "NVIDIA L4",
    manufacturer: "NVIDIA",
    memory: 24,
    secure: true,
    community: false,
    price: { secure: 0.44, community: 0 },
    maxCount: { secure: 1, community: 0 },
  };
  const { provider, recorder, run } = scriptRunpod(() =>
    Response.json({ gpus: [{ ...good, price: "free" }, good] })
  );
  assert.equal((await run(provider.listOffers({}, never))).length, 1);
  assert.match(recorder.text, /GPU type left out: not as documented/);
});

Deno.test("a place that COMMUNITY cannot be asked for is refused before anything is asked", async () => {
  const entry = runpodEntry({ cloudType: "Community" }, { regions: ["CZ"] });
  const { provider, requests, run } = scriptRunpod(() => Response.json({ gpus: [] }), entry);
  await assert.rejects(run(provider.listOffers({}, never)), {
    kind: "invalid_request",
    message: /remove regions or set runpod\.protocol to GraphQL/,
  });
  assert.equal(requests.length, 0);
});

Deno.test("a launch is one request with a body that cannot be sent twice", async () => {
  let repeatable: boolean | undefined;
  const { requests, launch } = scriptRunpod((request) => {
    repeatable = !(request.body instanceof ReadableStream);
    return Response.json({ id: "k3v9qz1m7t0wxa" }, { status: 201 });
  });
  assert.equal((await launch()).kind, "launched");
  assert.equal(requests.length, 1);
  assert.equal(repeatable, false);
  const body = await requests[0]?.json();
  assert.deepEqual(body.gpu, { id: "NVIDIA GeForce RTX 4090", count: 1 });
  assert.equal(body.env.API_TOKEN, canaryEnvironment);
});
