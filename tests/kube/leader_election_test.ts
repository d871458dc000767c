import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createLeaderElector } from "../../kube/leader_election.ts";
import { createKubeClient } from "../../kube/client.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type Candidate, LeaseServer, startCandidate } from "../support/kube_lease_server.ts";

async function shutDown(clock: FakeClock, ...candidates: Candidate[]) {
  for (const { stop } of candidates) stop.abort(new DOMException("over", "AbortError"));
  await clock.advance(60_000);
  await Promise.all(candidates.map(({ running }) => running));
}

Deno.test("createLeaderElector() creates the lease, leads and renews", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  assert.equal(a.elector.holdsLease(), false);
  await clock.advance(4);
  assert.equal(a.elector.holdsLease(), true);
  assert.deepEqual(server.lease?.spec, {
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "2026-01-01T00:00:00.002000Z",
    renewTime: "2026-01-01T00:00:00.002000Z",
    leaseTransitions: 0,
  });
  await clock.advance(60_000);
  assert.equal(server.lease?.spec?.acquireTime, "2026-01-01T00:00:00.002000Z");
  assert.match(server.lease?.spec?.renewTime ?? "", /^2026-01-01T00:00:5[89]/);
  assert.deepEqual(a.terms, ["start 4"]);
  assert.ok(server.writes >= 29 && server.writes <= 31, `${server.writes} writes in 60 s`);
  await shutDown(clock, a);
  assert.equal(clock.sleeping, 0);
});

Deno.test("createLeaderElector() releases the lease on shutdown, after lead has ended", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  a.windDownMs = 20_000;
  const b = startCandidate(server, clock, "b", 2);
  await clock.advance(10_000);
  a.stop.abort(new DOMException("SIGTERM", "AbortError"));
  await clock.advance(19_990);
  // Still winding down, so still renewing.
  assert.equal(a.elector.holdsLease(), true);
  assert.equal(server.lease?.spec?.holderIdentity, "a");
  await clock.advance(20);
  assert.equal(a.elector.holdsLease(), false);
  assert.equal(server.lease?.spec?.holderIdentity, "");
  await a.running;
  assert.deepEqual(a.terms, ["start 4", "stop 30000: AbortError"]);
  await clock.advance(5_000);
  assert.equal(b.elector.holdsLease(), true);
  assert.equal(server.lease?.spec?.holderIdentity, "b");
  assert.equal(server.lease?.spec?.leaseTransitions, 1);
  await shutDown(clock, b);
});

Deno.test("createLeaderElector() takes over a dead leader's lease after its duration", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(10_000);
  a.network.cut = "requests";
  const b = startCandidate(server, clock, "b", 2);
  const diedAtMs = Date.parse(server.lease?.spec?.renewTime ?? "");
  while (!b.elector.holdsLease()) await clock.advance(100);
  const waitedMs = clock.now() - diedAtMs;
  assert.ok(waitedMs >= 15_000 && waitedMs <= 15_000 + 4_600, `${waitedMs} ms`);
  await shutDown(clock, a, b);
});

Deno.test("createLeaderElector() judges by what it sees, not by the leader's clock", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  a.wallSkewMs = -3_600_000;
  const b = startCandidate(server, clock, "b", 2);
  b.wallSkewMs = 3_600_000;
  await clock.advance(120_000);
  assert.equal(a.elector.holdsLease(), true);
  assert.deepEqual(b.terms, []);
  await shutDown(clock, a, b);
});

Deno.test("createLeaderElector() stops believing at the renew deadline, and stands again", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(4);
  a.network.cut = "requests";
  // Renewed at 2 ms, when the request was sent.
  await clock.advance(9_997);
  assert.equal(a.elector.holdsLease(), true);
  assert.deepEqual(a.terms, ["start 4"]);
  await clock.advance(1);
  assert.equal(a.elector.holdsLease(), false);
  await clock.advance(1);
  assert.deepEqual(a.terms, ["start 4", "stop 10002: LeaseLostError"]);
  a.network.cut = "none";
  await clock.advance(20_000);
  assert.equal(a.elector.holdsLease(), true);
  assert.equal(a.terms.length, 3);
  await shutDown(clock, a);
});

Deno.test("createLeaderElector() does not believe an answer that comes after it gave up", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(4);
  a.network.answerMs = 12_000;
  await clock.advance(10_000);
  assert.equal(a.elector.holdsLease(), false);
  for (let second = 0; second < 30; second++) {
    await clock.advance(1_000);
    const renewedMs = Date.parse(server.lease?.spec?.renewTime ?? "");
    if (a.elector.holdsLease()) assert.ok(clock.now() - renewedMs < 10_000);
  }
  await shutDown(clock, a);
});

Deno.test("createLeaderElector() stops believing after a machine's sleep", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(10_000);
  // The monotonic clock stood still while the wall clock went on.
  a.wallSkewMs = 60_000;
  assert.equal(a.elector.holdsLease(), false);
  await clock.advance(10_000);
  assert.equal(a.elector.holdsLease(), true);
  // And a wall clock that is set back does not stretch the belief.
  a.wallSkewMs = -3_600_000;
  a.network.cut = "answers";
  await clock.advance(10_000);
  assert.equal(a.elector.holdsLease(), false);
  await shutDown(clock, a);
});

Deno.test("createLeaderElector() loses at once when somebody overwrites the lease", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(1_000);
  server.overwrite(({ spec }) => ({ spec: { ...spec, holderIdentity: "intruder" } }));
  await clock.advance(1_100);
  assert.equal(a.elector.holdsLease(), false);
  assert.match(a.terms.at(-1) ?? "", /LeaseLostError/);
  await shutDown(clock, a);
});

Deno.test("createLeaderElector() survives a lease that was deleted or touched", async () => {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const a = startCandidate(server, clock, "a");
  await clock.advance(1_000);
  server.delete();
  await clock.advance(5_000);
  assert.equal(server.lease?.spec?.holderIdentity, "a");
  const labels = { touched: "yes" };
  server.overwrite(({ metadata }) => ({ metadata: { ...metadata, labels } }));
  await clock.advance(5_000);
  assert.deepEqual(server.lease?.metadata.labels, labels);
  assert.equal(a.elector.holdsLease(), true);
  assert.equal(a.terms.length, 1);
  await shutDown(clock, a);
});

Deno.test("createLeaderElector() releases the lease when lead ends or fails by itself", async () => {
  for (const failure of [undefined, new Error("lead failed")]) {
    const clock = new FakeClock();
    const server = new LeaseServer();
    const transport = createHandlerTransport((request) => server.answer(request));
    const random = createSeededRandom(1);
    const elector = createLeaderElector({
      kube: createKubeClient({ transport, clock, random }),
      clock,
      monotonicMs: () => clock.now(),
      random,
      log: silentLog,
      metrics: silentMetrics,
    }, { namespace: "ns", name: "leader", identity: "a" });
    const lead = () => failure ? Promise.reject(failure) : Promise.resolve();
    const running = elector.run({ lead }, new AbortController().signal);
    if (failure) await assert.rejects(running, failure);
    else await running;
    assert.equal(server.lease?.spec?.holderIdentity, "");
    assert.equal(clock.sleeping, 0);
  }
});

Deno.test("createLeaderElector() refuses periods that cannot be safe", () => {
  const clock = new FakeClock();
  const transport = createHandlerTransport(() => Promise.reject(new Error("unused")));
  const random = createSeededRandom(1);
  const kube = createKubeClient({ transport, clock, random });
  const monotonicMs = () => clock.now();
  const deps = { kube, clock, monotonicMs, random, log: silentLog, metrics: silentMetrics };
  const lease = { namespace: "ns", name: "leader", identity: "a" };
  assert.throws(() => createLeaderElector(deps, { ...lease, renewDeadlineMs: 15_000 }), RangeError);
  assert.throws(() => createLeaderElector(deps, { ...lease, retryPeriodMs: 10_000 }), RangeError);
});

Deno.test("createLeaderElector() never lets two believe at once, whatever the network does", async () => {
  const weather = fc.record({
    who: fc.constantFrom("leader" as const, "leader" as const, 0, 1, 2),
    forMs: fc.integer({ min: 1, max: 20_000 }),
    requestMs: fc.constantFrom(0, 1, 500, 4_000, 11_000),
    answerMs: fc.constantFrom(0, 1, 500, 4_000, 7_000, 9_500, 11_000),
    cut: fc.constantFrom("none" as const, "none" as const, "requests" as const, "answers" as const),
    wallSkewMs: fc.constantFrom(0, 0, 7_200_000, -7_200_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(weather, { minLength: 1, maxLength: 12 }), async (changes) => {
      const clock = new FakeClock();
      const server = new LeaseServer();
      const candidates = ["a", "b", "c"].map((id, n) => startCandidate(server, clock, id, n + 1));
      for (const { who, forMs, wallSkewMs, ...network } of changes) {
        const leader = candidates.findIndex(({ elector }) => elector.holdsLease());
        const candidate = candidates[who === "leader" ? Math.max(0, leader) : who];
        assert.ok(candidate);
        Object.assign(candidate.network, network);
        candidate.wallSkewMs = wallSkewMs;
        for (let ms = 0; ms < forMs; ms += 250) {
          await clock.advance(250);
          const believers = candidates.filter(({ elector }) => elector.holdsLease());
          assert.ok(believers.length <= 1, `${believers.length} leaders`);
        }
      }
      for (const { network } of candidates) {
        Object.assign(network, { requestMs: 0, answerMs: 0, cut: "none" });
      }
      await clock.advance(60_000);
      assert.equal(candidates.filter(({ elector }) => elector.holdsLease()).length, 1);
      await shutDown(clock, ...candidates);
    }),
    { numRuns: 60 },
  );
});
