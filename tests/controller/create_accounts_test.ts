import assert from "node:assert/strict";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { createAccounts } from "../../controller/create_accounts.ts";
import { createQueues } from "../../controller/queues.ts";
import { defaultBatchWindow } from "../../controller/provisioner/batcher.ts";
import { drive, Recorder } from "../providers/provider_world.ts";
import { ControllerWorld, never, testNamespace } from "../support/controller_world.ts";
import { buildEntry } from "../support/scripted_provider.ts";

/** Accounts of a controller that reaches no vendor. */
function create({ clock, random, kube, claims }: ControllerWorld, recorder: Recorder) {
  const { log, metrics } = recorder;
  return createAccounts({
    kube,
    clock,
    wallClock: clock,
    monotonicMs: () => clock.now(),
    random,
    log,
    metrics: { ...metrics, forget: () => {} },
    fetch: () => Promise.reject(new TypeError("no network")),
    vendorUrls: {},
  }, {
    namespace: testNamespace,
    credentialNamespaces: [],
    identity: "test",
    caBundle: undefined,
    pollIntervals: defaultPollIntervals,
    batchWindow: defaultBatchWindow,
  }, {
    clusterId: "abc123",
    claims,
    queues: createQueues({ clock, random, log, metrics }),
    stock: { load: () => Promise.resolve(new Map()), publish: () => {} },
    catalogs: { load: () => Promise.resolve([]) },
    publisher: { publish: () => {} },
  });
}

Deno.test("accounts of the same name in two classes are measured and logged apart", async () => {
  using world = await ControllerWorld.create();
  const recorder = new Recorder();
  const accounts = create(world, recorder);
  for (const className of ["first", "second"]) {
    await accounts.ensure({
      className,
      entry: buildEntry(),
      apiKey: "key",
      knownInstanceIds: [],
      openOrders: [],
      lastFingerprint: undefined,
      lastIdentity: undefined,
    });
    const account = accounts.get(className, "lambda");
    assert.ok(account);
    const { provider } = account;
    while (provider.openBreakers().length === 0) {
      const asked = provider.listInstances(never);
      await assert.rejects(drive({ clock: world.clock, inFlight: () => 0 }, asked));
    }
  }
  for (const className of ["first", "second"]) {
    const labels = `{"class":"${className}","provider":"lambda","account":"lambda",` +
      '"operation":"listInstances"';
    const failed = `tgp_provider_requests_total${labels},"outcome":"transient"}`;
    assert.equal(recorder.counts.get(failed), 5);
    assert.equal(recorder.gauges.get(`tgp_provider_breaker_state${labels}}`), 2);
    const logged = recorder.lines.filter((line) => line.includes("Breaker changed"))
      .filter((line) => line.includes(`"class":"${className}"`));
    assert.equal(logged.length, 1);
  }
});
