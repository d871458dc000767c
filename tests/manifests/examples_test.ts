import assert from "node:assert/strict";
import { findJudge } from "../../controller/admission/judged_kinds.ts";
import { createKubeClient } from "../../kube/client.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createSeededRandom } from "../../runtime/random.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { nodeClassSchema } from "../../schemas/node_class.ts";
import { nodePoolSchema } from "../../schemas/node_pool.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import { applyObjects, readKustomization, readObjects } from "../../sim/demo/apply_manifests.ts";
import { cut } from "../../sim/handler.ts";
import { createTestContext, toLines } from "../support/admission.ts";
import { buildOffer } from "../support/scheduling.ts";

const manifests = new URL("../../manifests/", import.meta.url);
const examples = new URL("examples/", manifests);
const names = (await Array.fromAsync(Deno.readDir(examples))).map(({ name }) => name).sort();

/** What the clouds sell: enough for requirements and price caps to be judged by. */
const offers = [
  buildOffer("small", { price: "0.75" }),
  buildOffer("large", {
    price: "2.49",
    model: "H100-SXM5-80GB",
    labels: { "tgp.io/gpu-memory-gb": "80" },
  }),
];

/** What the webhook says of an example although it is right: the example says it, too. */
const intended: Readonly<Record<string, readonly string[]>> = {
  "three-clouds.yaml": [
    "warn spec.providers[2]: RunPod rents containers, which cannot join a cluster as nodes yet; its offers are shown, and none is bought",
  ],
};

Deno.test("there is an example for one cloud, three, two accounts, and limits", () => {
  assert.deepEqual(names, [
    "lambda.yaml",
    "price-caps-and-spend-limits.yaml",
    "three-clouds.yaml",
    "two-accounts.yaml",
  ]);
});

for (const name of names) {
  const url = new URL(name, examples);

  Deno.test(`${name} says how it is applied, and marks what is to be replaced`, async () => {
    const text = await Deno.readTextFile(url);
    assert.match(text, new RegExp(`^#\\s+kubectl apply -f manifests/examples/${name}$`, "m"));
    for (
      const line of text.split("\n").filter((line) => /replace-with|my-key|example\.com/.test(line))
    ) {
      assert.match(line, /# replace/, line);
    }
  });

  Deno.test(`${name} passes every rule of the webhook`, async () => {
    const objects = await readObjects(url);
    const context = createTestContext({
      classes: objects.filter(isClass).map((object) => nodeClassSchema.parse(object)),
      pools: objects.filter(isPool).map((object) => nodePoolSchema.parse(object)),
      secrets: Object.fromEntries(objects.filter(({ kind }) => kind === "Secret").map(toKeys)),
      offers,
    });
    const said = objects.flatMap((object) => {
      const judge = findJudge({ group: "tgp.io", version: "v1", kind: object.kind });
      return judge ? toLines(judge(object, context).violations) : [];
    });
    assert.deepEqual(said, intended[name] ?? []);
  });

  Deno.test(`${name} is stored as it is by an API server with our definitions`, async () => {
    const api = createApiServer({ clock: systemClock, random: createSeededRandom(1) });
    const transport = createHandlerTransport(async (request) => {
      const response = await api.handler(request, { peer: adminPeer });
      if (response === cut) throw new TypeError("the connection was cut");
      return response;
    });
    const random = createSeededRandom(2);
    const kube = createKubeClient({ transport, clock: systemClock, random });
    await applyObjects(kube, await readKustomization(new URL("namespace/", manifests)));
    await applyObjects(kube, await readKustomization(new URL("crds/", manifests)));
    const objects = await readObjects(url);
    // Pods would need service accounts, which nobody makes here.
    await applyObjects(kube, objects.filter(({ kind }) => kind !== "Pod"));
    for (const object of objects.filter((object) => isClass(object) || isPool(object))) {
      const type = isClass(object) ? toRaw(nodeClasses) : toRaw(nodePools);
      const stored = await kube.get(type, { name: object.metadata.name });
      assert.deepEqual(stored["spec"], JSON.parse(JSON.stringify(object))["spec"]);
    }
    api.close();
  });
}

type RawObject = KubernetesObject & { readonly [field: string]: unknown };

function toRaw(type: ResourceType<KubernetesObject>): ResourceType<RawObject> {
  return { ...type, parse: (raw) => raw as RawObject };
}

function isClass({ kind }: KubernetesObject): boolean {
  return kind === "GPUNodeClass";
}

function isPool({ kind }: KubernetesObject): boolean {
  return kind === "GPUNodePool";
}

function toKeys(object: KubernetesObject): [string, readonly string[]] {
  const { stringData = {} } = object as { readonly stringData?: Readonly<Record<string, string>> };
  return [object.metadata.name, Object.keys(stringData)];
}
