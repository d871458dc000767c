import assert from "node:assert/strict";
import fc from "fast-check";
import type { Provider } from "../../../providers/contract.ts";
import { ProviderError } from "../../../providers/errors.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import { findLeaks, toExposedText } from "../../support/leaks.ts";
import { arbitraryOf } from "../../support/schema_arbitrary.ts";
import { readOurDocument } from "../../support/vendor_documents.ts";
import { scriptAccount } from "../scripted_account.ts";
import { canaryKey, canaryUserData, paperspaceEntry } from "./paperspace_world.ts";
import { never } from "./steps.ts";

const ours = await readOurDocument("paperspace.openapi.yaml");

/** A provider whose requests get what `answer` says; `undefined`: the right thing for that path. */
function setUp(answer: (request: Request) => Response | undefined) {
  const entry = paperspaceEntry({ networkID: "nw4k2v8m", templateID: "tcustom1" });
  return scriptAccount(entry, canaryKey, (request) => answer(request) ?? answerWell(request));
}

const machine = {
  id: "ps1",
  name: "tgp-abc123-train-q7x2k9",
  state: "off",
  publicIp: "203.0.113.61",
  publicIpType: "static",
  region: "East Coast (NY2)",
  dtCreated: "2026-01-01T00:00:00.000Z",
};
const script = { id: "sc1", name: machine.name, assignedMachineIds: ["ps1"] };
const template = {
  id: "tcustom1",
  name: "ours",
  region: "East Coast (NY2)",
  defaultSizeGb: 100,
  availableMachineTypes: [{ machineTypeLabel: "A4000", isAvailable: true }],
};

const answers: readonly (readonly [RegExp, unknown])[] = [
  [/^GET .*session/, { team: { id: "t1", maxMachines: 10 } }],
  [/^GET .*account-standing/, {
    isInGoodStanding: true,
    hasPaymentMethod: true,
    isAdminLocked: false,
  }],
  [/^GET .*machine-availability/, { available: true }],
  [/^GET .*custom-templates/, template],
  [/^GET .*private-networks/, { id: "nw4k2v8m", region: "East Coast (NY2)" }],
  [/^GET .*\/machines\/ps1$/, machine],
  [/^DELETE .*\/machines\/ps1$/, { data: machine }],
  [/^POST .*\/machines$/, { data: { id: "ps1" } }],
  [/^GET .*\/machines$/, { hasMore: false, items: [machine] }],
  [/^GET .*startup-scripts$/, { hasMore: false, items: [script] }],
  [/^(POST|DELETE) .*startup-scripts/, script],
  [/^GET .*public-ips$/, {
    hasMore: false,
    items: [{ ip: "203.0.113.61", assignedMachineId: "ps1" }],
  }],
  [/^DELETE .*public-ips/, { ip: "203.0.113.61" }],
];

function answerWell(request: Request): Response {
  const text = `${request.method} ${new URL(request.url).pathname}`;
  const [, body = { hasMore: false, items: [] }] =
    answers.find(([pattern]) => pattern.test(text)) ??
      [];
  return Response.json(body);
}

type Operation = (provider: Provider, clock: FakeClock) => Promise<unknown>;

async function launch(provider: Provider, clock: FakeClock): Promise<unknown> {
  const permit = await provider.acquireLaunch(never);
  return await provider.launch(
    {
      name: machine.name,
      claimUid: "u",
      nodePool: "train",
      instanceType: "A4000",
      region: "ny2",
      capacityType: "on-demand",
      workload: { kind: "machine", userData: canaryUserData },
      sendBefore: clock.now() + 60_000,
    },
    permit,
    never,
  );
}

const terminate: Operation = (provider) => provider.terminate("ps1", never);

/** Every operation of the API, by what calls it. */
const operations: Readonly<Record<string, Operation>> = {
  "get /auth/session": (provider) => provider.verifyCredentials(never),
  "get /billing/account-standing": (provider) => provider.checkAccount(never),
  "get /machine-availability": launch,
  "get /os-templates": (provider) => provider.listOffers({}, never),
  "get /custom-templates/{id}": (provider) => provider.listOffers({}, never),
  "get /private-networks/{id}": (provider) => provider.listOffers({}, never),
  "get /machines": (provider) => provider.listInstances(never),
  "post /machines": launch,
  "get /machines/{id}": (provider) => provider.getInstance("ps1", never),
  "delete /machines/{id}": terminate,
  "get /machine-events": (provider) => provider.listInstances(never),
  "get /startup-scripts": (provider) => provider.removeLeftovers(() => false, never),
  "post /startup-scripts": launch,
  "delete /startup-scripts/{id}": terminate,
  "post /startup-scripts/{id}/unassign": terminate,
  "get /public-ips": terminate,
  "delete /public-ips/{ip}": terminate,
};

Deno.test("every operation of our document is tried", () => {
  const all = Object.entries(ours.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`)
  );
  assert.deepEqual(Object.keys(operations).sort(), all.sort());
});

for (const [name, operation] of Object.entries(operations)) {
  const [method = "", path = ""] = name.split(" ");
  const response = ours.paths[path]?.[method]?.responses["200"] as {
    content: Record<string, { schema: unknown }>;
  };
  const valid = arbitraryOf(ours, response.content["application/json"]?.schema);
  const pattern = new RegExp(`^/v1${path.replace(/\{\w+\}/, "[^/]+")}$`);
  const isAsked = (request: Request) =>
    request.method === method.toUpperCase() && pattern.test(new URL(request.url).pathname);

  /**
   * Runs the operation with one answer replaced; only our own kinds of failure may come out.
   *
   * @returns All that was said.
   */
  const survive = async (makeAnswer: () => Response) => {
    let asked = 0;
    const { provider, recorder, run, clock } = setUp((request) => {
      if (!isAsked(request)) return undefined;
      asked++;
      return makeAnswer();
    });
    let result: unknown;
    try {
      result = await run(operation(provider, clock));
    } catch (error) {
      assert.ok(error instanceof ProviderError, String(error));
      result = error;
    }
    assert.ok(asked > 0, "not asked at all");
    const shown = toExposedText(result) + recorder.text;
    assert.deepEqual(findLeaks(shown, [canaryKey]), []);
    return shown;
  };

  Deno.test(`${name}: no documented answer is misread`, async () => {
    await fc.assert(
      fc.asyncProperty(valid, async (body) => {
        const shown = await survive(() => Response.json(body));
        // What a right answer may still mean: no such network, a list that goes on for ever.
        assert.doesNotMatch(shown, /not as documented|not JSON/);
      }),
      { numRuns: 40 },
    );
  });

  Deno.test(`${name}: any answer ends in a result or a ProviderError`, async () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((data) => JSON.stringify({ data })),
      fc.jsonValue().map((items) => JSON.stringify({ hasMore: true, nextPage: "x", items })),
      fc.jsonValue().map((message) => JSON.stringify({ message, code: message })),
      fc.constant(`{"message":"your key is ${canaryKey}","code":"${canaryKey}"}`),
      fc.constant(`<html>${canaryKey}</html>`),
    );
    const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 409, 410, 418, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(text, status, async (body, code) => {
        await survive(() => new Response(body, { status: code }));
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("requests carry the key, a name for the client, and never follow redirects", async () => {
  const { provider, requests, run } = setUp(() => undefined);
  await run(provider.listInstances(never));
  const [request] = requests;
  assert.equal(request?.url, "https://api.paperspace.com/v1/machines?limit=120");
  assert.equal(request.headers.get("authorization"), `Bearer ${canaryKey}`);
  assert.match(request.headers.get("user-agent") ?? "", /^tgp\//);
  assert.equal(request.redirect, "manual");
});

Deno.test("only requests with a body say of what type it is", async () => {
  const { provider, requests, run, clock } = setUp(() => undefined);
  await run(launch(provider, clock));
  await run(provider.terminate("ps1", never));
  for (const request of requests) {
    const type = request.headers.get("content-type");
    const text = await request.text();
    assert.equal(type, text === "" ? null : "application/json", `${request.method} ${request.url}`);
  }
  assert.ok(requests.some(({ method }) => method === "DELETE"));
});

Deno.test("ids are put into paths as one part", async () => {
  const { provider, requests, run } = setUp(() =>
    Response.json({ message: "Machine not found", code: "NOT_FOUND" }, { status: 404 })
  );
  await assert.rejects(run(provider.getInstance("../auth/session?x=1", never)));
  assert.equal(
    requests[0]?.url,
    "https://api.paperspace.com/v1/machines/..%2Fauth%2Fsession%3Fx%3D1",
  );
});

Deno.test("a list is read to its end, without duplicates, whatever the last page says", async () => {
  const pages: Record<string, unknown> = {
    "": { hasMore: true, nextPage: "b", items: [{ id: "1", state: "ready" }] },
    "b": {
      hasMore: true,
      nextPage: "c d&e",
      items: [{ id: "1", state: "off" }, { id: "2", state: "ready" }],
    },
    "c d&e": { hasMore: false, nextPage: "c d&e", items: [{ id: "3", state: "ready" }] },
  };
  const { provider, run } = setUp((request) => {
    const { searchParams } = new URL(request.url);
    assert.equal(searchParams.get("limit"), "120");
    return Response.json(pages[searchParams.get("after") ?? ""]);
  });
  const instances = await run(provider.listInstances(never));
  // Of two copies the later one is the truth.
  assert.deepEqual(instances.map(({ id, rawState }) => `${id} ${rawState}`), [
    "1 off",
    "2 ready",
    "3 ready",
  ]);
});

Deno.test("a list without an end, or that does not say where it goes on, is an error", async () => {
  let number = 0;
  const cases: [() => unknown, RegExp][] = [
    [() => ({ hasMore: true, items: [] }), /goes on, but it does not say where/],
    [() => ({ hasMore: true, nextPage: null, items: [] }), /does not say where/],
    [() => ({ hasMore: true, nextPage: "x", items: [] }), /does not end after 2 pages/],
    [() => ({ hasMore: true, nextPage: `${number++}`, items: [] }), /does not end after 201 pages/],
  ];
  for (const [answer, message] of cases) {
    const { provider, run } = setUp(() => Response.json(answer()));
    await assert.rejects(run(provider.listInstances(never)), { kind: "unknown", message });
  }
});

Deno.test("an order answered without an id is unknown, and its request cannot be sent twice", async () => {
  for (const data of [{}, { id: "" }, { id: 17 }, null, []]) {
    const { provider, requests, run, clock } = setUp((request) =>
      request.method === "POST" && request.url.endsWith("/machines")
        ? Response.json({ data })
        : undefined
    );
    const outcome = await run(launch(provider, clock)) as { kind: string };
    assert.equal(outcome.kind, "unknown");
    assert.equal(requests.filter(({ url }) => /\/machines$/.test(url)).length, 1);
  }
});

Deno.test("a key that is not valid is told by null, whose status is 200", async () => {
  const { provider, run } = setUp(() => new Response("null"));
  await assert.rejects(run(provider.verifyCredentials(never)), {
    kind: "unauthorized",
    message: "Cannot check the API key: Paperspace does not know the API key",
  });
  const good = setUp(() => undefined);
  assert.deepEqual(await good.run(good.provider.verifyCredentials(never)), { account: "t1" });
});
