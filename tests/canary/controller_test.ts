/**
 * A whole cluster with an account at every cloud, through bad days, a launch, an end and a changed key:
 * what was planted comes out nowhere.
 *
 * @module
 */

import assert from "node:assert/strict";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import { providerNames } from "../../providers/registry.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { simulatedClouds } from "../../sim/clouds/registry.ts";
import type { Handler } from "../../sim/handler.ts";
import { isOver, minute, podOf } from "../simulation/scenario.ts";
import { findLeaks, unpackText } from "../support/leaks.ts";
import { readRecordedEntries } from "../support/recordings.ts";
import { apiHost, SimulatedWorld } from "../support/simulated_world.ts";
import { canaries, canaryKey, secondCanaryKey } from "./canaries.ts";
import { echoes, readSecrets } from "./echoes.ts";
import { Witness } from "./witness.ts";

const secretName = "cloud-keys";

/** A Secret with the same key for every cloud. */
function secretOf(key: string): KubernetesObject & { readonly stringData: unknown } {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secretName, namespace: "tgp-system" },
    stringData: Object.fromEntries(providerNames.map((name) => [name, key])),
  };
}

/** A class with every cloud, and a pool that buys the cheapest. */
async function createObjects(): Promise<readonly KubernetesObject[]> {
  const entries = await readRecordedEntries();
  const providers = providerNames.map((name) => ({
    ...entries.get(name),
    name,
    credentialsRef: { name: secretName, key: name },
  }));
  const object = (kind: string, name: string, spec: unknown) =>
    ({ apiVersion: "tgp.io/v1", kind, metadata: { name }, spec }) as KubernetesObject;
  return [
    secretOf(canaryKey),
    object("GPUNodeClass", "clouds", {
      providers,
      bootstrap: { kubeadm: { apiServerEndpoint: apiHost, kubernetesVersion: "1.36.0" } },
    }),
    object("GPUNodePool", "gpu", {
      nodeClassRef: { name: "clouds" },
      limits: { nodes: 4, spendPerHour: "40" },
      price: { maxPerGpuHour: "9.00" },
      disruption: { consolidateAfter: "1m" },
    }),
  ];
}

/** Answers in a vendor's place, a different way each time; goes on to the vendor when told to. */
class CarelessVendor {
  readonly #answered = new Map<string, number>();
  /** Whether a request is answered badly. */
  isBad: (request: Request) => boolean = () => false;

  readonly answer = async (request: Request, serve: Handler): ReturnType<Handler> => {
    const { hostname } = new URL(request.url);
    if (!this.isBad(request)) return await serve(request, { peer: {} });
    const count = this.#answered.get(hostname) ?? 0;
    this.#answered.set(hostname, count + 1);
    const secrets = await readSecrets(request);
    // 89 and the number of shapes have no divisor in common: neighbours are unlike each other.
    const said = secrets[count % secrets.length] ?? "";
    return echoes[(count * 89) % echoes.length]?.answer(said) ?? new Response(said);
  };

  /** How many bad answers each host gave. */
  get counts(): ReadonlyMap<string, number> {
    return this.#answered;
  }
}

Deno.test("nothing that was planted comes out, whatever the clouds answer", async () => {
  const witness = new Witness();
  await using world = await SimulatedWorld.create({
    seed: 11,
    log: witness.log,
    metrics: witness.metrics,
    cloud: { apiKeys: [canaryKey], stock: { gpu_1x_a10: { "us-east-1": 9 } } },
    moreClouds: (deps) =>
      simulatedClouds.filter(({ name }) => name !== "lambda").map(({ create }) =>
        create({ ...deps, apiKeys: [canaryKey] })
      ),
  });
  witness.watch(world.api);
  const vendor = new CarelessVendor();
  world.onCloudRequest = vendor.answer;
  await world.apply(...await createObjects());

  // A bad day: everything goes wrong from the start.
  vendor.isBad = () => true;
  world.startController();
  await world.clock.advance(10 * minute);
  assert.deepEqual([...vendor.counts.keys()].length, providerNames.length);
  for (const [host, count] of vendor.counts) assert.ok(count > 20, `${host}: ${count}`);

  // Orders and ends go wrong, reads do not; then all is well.
  vendor.isBad = ({ method }) => method !== "GET";
  await world.apply(podOf("work"));
  await world.clock.advance(10 * minute);
  vendor.isBad = () => false;
  await world.until("the pod succeeds", () => world.succeeded.has("work"), 120 * minute);
  vendor.isBad = ({ method }) => method !== "GET";
  await world.clock.advance(10 * minute);
  vendor.isBad = () => false;
  await world.until("everything is given back", () => isOver(world), 60 * minute);

  // The key is replaced: by one that is wrong, and by one that cannot be sent.
  await world.apply(secretOf(secondCanaryKey));
  await world.clock.advance(5 * minute);
  vendor.isBad = () => true;
  await world.clock.advance(5 * minute);
  await world.apply(secretOf(`${secondCanaryKey}\n`));
  await world.clock.advance(5 * minute);

  const { status } = await world.kube.get(nodeClasses, { name: "clouds" });
  assert.deepEqual(
    status?.providers?.map(({ name, available }) => [name, available]),
    providerNames.map((name) => [name, false]),
  );
  for (const kind of ["ConfigMap", "Event", "GPUNodeClaim", "GPUNodeClass", "Node"]) {
    assert.ok((witness.kinds.get(kind) ?? 0) > 0, `no ${kind} was seen`);
  }
  assert.ok(witness.lines.length > 20, "nothing was logged");
  const text = await witness.read();
  assert.ok(text.includes("tgp_provider_requests_total{"), "nothing was measured");
  // Sold out everywhere: only the catalogs, which are compressed, name it.
  const isNamed = [text, unpackText(text)].map((each) => each.includes("gpu_1x_gh200"));
  assert.deepEqual(isNamed, [false, true], "no catalog was unpacked");
  assert.ok(text.includes("[redacted]"), "no vendor was quoted");
  assert.ok(witness.tokens.size > 0, "no machine was told a token");
  assert.deepEqual(findLeaks(text, [...canaries, ...witness.tokens]), []);
});
