import assert from "node:assert/strict";
import { GarbageCollection } from "../../../controller/garbage_collection/garbage_collection.ts";
import { recordList } from "../../../controller/accounts/account.ts";
import type { Instance } from "../../../providers/contract.ts";
import type { LogFields } from "../../../runtime/log.ts";
import { buildEntry, providerError, ScriptedProvider } from "../../support/scripted_provider.ts";
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
  const told: (readonly [string, LogFields | undefined])[] = [];
  const logged: (readonly [string, LogFields | undefined])[] = [];
  const log = {
    ...bench.world.log,
    info: (message: string, fields?: LogFields) => void told.push([message, fields]),
    error: (message: string, fields?: LogFields) => void logged.push([message, fields]),
  };
  const collection = new GarbageCollection({
    ...bench.deps,
    log,
    holdsLease: () => bench.leads,
  });
  if (lists.length > 0) bench.list(...lists);
  return { bench, logged, told, sweep: () => collection.sweep(bench.account(), never), collection };
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

Deno.test("sweep() counts orphans per account: one without any must not hide another's", async () => {
  const { bench } = await setUp([orphan("o-1")]);
  using _ = bench;
  const gauges: unknown[] = [];
  const metrics = {
    ...bench.deps.metrics,
    gauge: (...gauge: unknown[]) => void gauges.push(gauge),
  };
  const collection = new GarbageCollection({ ...bench.deps, metrics, holdsLease: () => true });
  await collection.sweep(bench.account(), never);
  assert.deepEqual(gauges, [[
    "tgp_orphaned_machines",
    1,
    { provider: "lambda", class: "default", account: "lambda" },
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

Deno.test("sweep() removes what outlived its machine, and keeps what belongs to a claim", async () => {
  const { bench, sweep, told } = await setUp([buildInstance()]);
  using _ = bench;
  bench.provider().leftovers = [claimName, "tgp-abc123-gpu-gone", "tgp-abc123-gpu-gone2"];
  await sweep();
  assert.deepEqual(bench.provider().leftovers, [claimName]);
  assert.deepEqual(told, [["Removed what outlived its machine", {
    account: "lambda",
    removed: ["tgp-abc123-gpu-gone", "tgp-abc123-gpu-gone2"],
  }]]);
});

Deno.test("sweep() keeps what belongs to a claim that was made after the claims were read", async () => {
  const { bench, sweep } = await setUp([buildInstance()]);
  using _ = bench;
  const claim = bench.claim;
  assert.ok(claim);
  const provider = bench.provider();
  provider.leftovers = ["tgp-abc123-gpu-late"];
  const { removeLeftovers } = ScriptedProvider.prototype;
  provider.removeLeftovers = async (isKept) => {
    await bench.world.putClaim({ ...claim, metadata: { name: "tgp-abc123-gpu-late" } });
    return await removeLeftovers.call(provider, isKept);
  };
  await sweep();
  assert.deepEqual(provider.leftovers, ["tgp-abc123-gpu-late"]);
});

const reservations: readonly (readonly [
  string,
  (bench: ClaimBench) => void,
  readonly Instance[],
])[] = [
  ["without a complete list", () => {}, []],
  ["while a person is asked", () => {}, [orphan("o-1"), orphan("o-2")]],
  ["once the lease is lost", (bench) => void (bench.leads = false), [buildInstance()]],
  ["when the claims cannot be listed", (bench) =>
    bench.world.onceBefore(
      isWrite("list", "gpunodeclaims"),
      () => Response.json({ kind: "Status" }, { status: 403 }),
    ), [buildInstance()]],
];

for (const [when, prepare, lists] of reservations) {
  Deno.test(`sweep() removes nothing ${when}`, async () => {
    const { bench, sweep } = await setUp(lists);
    using _ = bench;
    bench.provider().leftovers = ["tgp-abc123-gpu-gone"];
    prepare(bench);
    await sweep().catch(() => {});
    assert.deepEqual(bench.provider().leftovers, ["tgp-abc123-gpu-gone"]);
  });
}

Deno.test("sweep() keeps everything once the lease is lost while the vendor is asked", async () => {
  const { bench, sweep } = await setUp([buildInstance()]);
  using _ = bench;
  const provider = bench.provider();
  provider.leftovers = ["tgp-abc123-gpu-gone"];
  const { removeLeftovers } = ScriptedProvider.prototype;
  provider.removeLeftovers = (isKept) => {
    bench.leads = false;
    return removeLeftovers.call(provider, isKept);
  };
  await sweep();
  assert.deepEqual(provider.leftovers, ["tgp-abc123-gpu-gone"]);
});

Deno.test("run() lets one account whose leftovers cannot be removed keep no other from it", async () => {
  const { bench, collection } = await setUp([buildInstance()]);
  using _ = bench;
  const second = await bench.open(buildEntry({ name: "second", provider: "lambda" }));
  recordList(second, { startedAt: bench.world.clock.now(), instances: [] });
  bench.provider().removeLeftovers = () => Promise.reject(providerError("transient", "not now"));
  bench.provider("second").leftovers = ["tgp-abc123-gpu-gone"];
  const stop = new AbortController();
  const running = collection.run(stop.signal);
  await bench.world.clock.advance(0);
  assert.deepEqual(bench.provider("second").leftovers, []);
  stop.abort();
  await running;
});

Deno.test("run() sweeps every two minutes, and waits for no account that does not answer", async () => {
  const { bench, collection } = await setUp([orphan("o-1")]);
  using _ = bench;
  const second = await bench.open(buildEntry({ name: "second", provider: "lambda" }));
  recordList(second, { startedAt: bench.world.clock.now(), instances: [orphan("o-2")] });
  let asked = 0;
  bench.provider().terminate = (_id, signal?: AbortSignal) => {
    asked++;
    return new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
    );
  };
  const stop = new AbortController();
  const running = collection.run(stop.signal);
  await bench.world.clock.advance(0);
  assert.deepEqual(bench.provider("second").terminated, ["o-2"]);
  await bench.world.clock.advance(120_000);
  assert.deepEqual(bench.provider("second").terminated, ["o-2", "o-2"]);
  assert.equal(asked, 1, "the sweep that hangs is not begun again");
  stop.abort();
  await running;
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
