import assert from "node:assert/strict";
import { GarbageCollection } from "../../../controller/garbage_collection/garbage_collection.ts";
import { recordList } from "../../../controller/accounts/account.ts";
import type { Instance } from "../../../providers/contract.ts";
import type { LogFields } from "../../../runtime/log.ts";
import { buildEntry, providerError } from "../../support/scripted_provider.ts";
import { buildInstance } from "../../support/controller_builders.ts";
import { ClaimBench, claimName } from "../../support/claim_bench.ts";
import { isWrite, never } from "../../support/controller_world.ts";

/** A machine of ours whose claim is not there. */
function orphan(id: string, change: Partial<Instance> = {}): Instance {
  const ownership = { kind: "ours", claimName: `tgp-abc123-gpu-${id}` } as const;
  return buildInstance({ id, name: ownership.claimName, ownership, ...change });
}

async function setUp(lists: readonly Instance[] = []) {
  const bench = await ClaimBench.create();
  const logged: (readonly [string, LogFields | undefined])[] = [];
  const log = {
    ...bench.world.log,
    error: (message: string, fields?: LogFields) => void logged.push([message, fields]),
  };
  const collection = new GarbageCollection({
    ...bench.deps,
    log,
    holdsLease: () => bench.leads,
  });
  if (lists.length > 0) bench.list(...lists);
  return { bench, logged, sweep: () => collection.sweep(bench.account(), never), collection };
}

Deno.test("sweep() ends a machine of ours that no claim answers for, and no other", async () => {
  const { bench, sweep } = await setUp([
    orphan("o-1"),
    buildInstance({ id: "claimed", ownership: { kind: "ours", claimName } }),
    buildInstance({ id: "theirs", ownership: { kind: "otherCluster", cluster: "zzzzzz" } }),
    buildInstance({ id: "nobodys", ownership: { kind: "foreign" } }),
    orphan("ending", { state: "terminating" }),
    orphan("ended", { state: "terminated" }),
  ]);
  using _ = bench;
  await sweep();
  assert.deepEqual(bench.provider().terminated, ["o-1"]);
});

Deno.test("sweep() does nothing without a complete list", async () => {
  const { bench, sweep } = await setUp();
  using _ = bench;
  await sweep();
  assert.deepEqual(bench.provider().calls, []);
});

Deno.test("sweep() reads the claims after the list: one written in between protects its machine", async () => {
  const { bench, sweep } = await setUp([orphan("late")]);
  using _ = bench;
  const claim = bench.claim;
  assert.ok(claim);
  await bench.world.putClaim({
    ...claim,
    metadata: { name: "tgp-abc123-gpu-late" },
  });
  await sweep();
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("sweep() does not parse: a claim that cannot be read still protects its machine", async () => {
  const { bench, sweep } = await setUp([buildInstance()]);
  using _ = bench;
  bench.world.server.addHook({
    after: async (request, response) => {
      if (!isWrite("list", "gpunodeclaims")(request)) return undefined;
      const list = await response.json();
      list.items[0].spec = { unheard: "of" };
      return Response.json(list);
    },
  });
  await sweep();
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("sweep() ends nothing when the claims cannot be listed", async () => {
  const { bench, sweep } = await setUp([orphan("o-1")]);
  using _ = bench;
  bench.world.onceBefore(
    isWrite("list", "gpunodeclaims"),
    () => Response.json({ kind: "Status" }, { status: 403 }),
  );
  await assert.rejects(sweep());
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("sweep() stops and asks for a person when too much would go", async () => {
  const { bench, logged, sweep } = await setUp([orphan("o-1"), orphan("o-2")]);
  using _ = bench;
  await sweep();
  assert.deepEqual(bench.provider().terminated, []);
  assert.deepEqual(logged, [[
    "Too many machines without claims; ending none until a person has looked",
    { account: "lambda", orphans: ["o-1", "o-2"], owned: 2 },
  ]]);
});

Deno.test("sweep() stops when the lease is lost", async () => {
  const { bench, sweep } = await setUp([orphan("o-1")]);
  using _ = bench;
  bench.leads = false;
  await sweep();
  assert.deepEqual(bench.provider().terminated, []);
});

Deno.test("sweep() lets one machine that cannot be ended keep no other from it", async () => {
  const claimed = Array.from({ length: 10 }, (_, index) => buildInstance({ id: `c-${index}` }));
  const { bench, logged, sweep } = await setUp([orphan("o-1"), orphan("o-2"), ...claimed]);
  using _ = bench;
  const provider = bench.provider();
  const ended: string[] = [];
  provider.terminate = (id) => {
    if (id === "o-1") return Promise.reject(providerError("transient", "not now"));
    ended.push(id);
    return Promise.resolve();
  };
  await sweep();
  assert.deepEqual(ended, ["o-2"]);
  assert.equal(logged[0]?.[0], "Cannot end a machine");
});

Deno.test("run() sweeps every two minutes, all accounts side by side", async () => {
  const { bench, collection } = await setUp([orphan("o-1")]);
  using _ = bench;
  const second = await bench.open(buildEntry({ name: "second", provider: "lambda" }));
  recordList(second, { startedAt: bench.world.clock.now(), instances: [orphan("o-2")] });
  bench.provider().terminate = () => new Promise(() => {});
  const stop = new AbortController();
  const running = collection.run(stop.signal);
  await bench.world.clock.advance(0);
  assert.deepEqual(bench.provider("second").terminated, ["o-2"]);
  stop.abort();
  void running;
});

Deno.test("run() goes on after a failure and ends with its signal", async () => {
  const { bench, logged, collection } = await setUp([orphan("o-1")]);
  using _ = bench;
  bench.world.onceBefore(
    isWrite("list", "gpunodeclaims"),
    () => Response.json({ kind: "Status", message: "no" }, { status: 403 }),
  );
  const stop = new AbortController();
  const running = collection.run(stop.signal);
  await bench.world.clock.advance(119_000);
  assert.equal(logged[0]?.[0], "Cannot sweep account");
  assert.deepEqual(bench.provider().terminated, []);
  await bench.world.clock.advance(1_000);
  assert.deepEqual(bench.provider().terminated, ["o-1"]);
  stop.abort();
  await running;
});
