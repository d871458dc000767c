import assert from "node:assert/strict";
import { toRootSchema } from "../../generate/crds.ts";
import type { StructuralSchema } from "../../generate/structural_schema.ts";
import type { KubeClient } from "../../kube/client.ts";
import { KubeError } from "../../kube/kube.ts";
import type { ResourceType } from "../../kube/resource.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../kube/tgp_resources.ts";
import { type ResourceDefinition, resourceDefinitions } from "../../schemas/definitions.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { sampleResources } from "../support/sample_resources.ts";
import { listMutations, type Mutation } from "../support/schema_mutations.ts";
import { createJudge } from "../support/structural_validator.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";

/** How many of the mutations of a part are tried; spread evenly over all of them. */
const casesPerPart = 200;
/** How many at a time. */
const workers = 8;

const types: Readonly<Record<string, ResourceType<KubernetesObject>>> = {
  GPUNodeClass: nodeClasses,
  GPUNodePool: nodePools,
  GPUNodeClaim: nodeClaims,
};

Deno.test("A real API server accepts what zod reads, and refuses what our rules refuse", async (t) => {
  await using plane = await startControlPlane({ components: [] });
  const crds = new URL("../../manifests/crds/", import.meta.url).pathname;
  const applied = await plane.kubectl("apply", "-k", crds);
  assert.equal(applied.code, 0, applied.stderr);
  const waited = await plane.kubectl(
    ...["wait", "--for=condition=Established", "--timeout=30s"],
    ...["crd", ...resourceDefinitions.map(({ plural }) => `${plural}.tgp.io`)],
  );
  assert.equal(waited.code, 0, waited.stderr);
  const kube = await connectAsAdmin(plane);
  try {
    for (const definition of resourceDefinitions) {
      await t.step(`spec of ${definition.kind}`, async () => {
        const cases = listCases(definition, "spec");
        await compare(
          cases,
          partSchema(definition, "spec"),
          (spec) => create(kube, definition, spec),
        );
      });
      await t.step(`status of ${definition.kind}`, async () => {
        const { spec } = sampleResources[definition.kind];
        await kube.create(typeOf(definition), objectOf(definition, "stored", spec));
        const cases = listCases(definition, "status");
        await compare(
          cases,
          partSchema(definition, "status"),
          (status) => writeStatus(kube, definition, status),
        );
      });
    }
  } finally {
    kube.close();
  }
});

function typeOf({ kind }: ResourceDefinition): ResourceType<KubernetesObject> {
  const type = types[kind];
  assert.ok(type, kind);
  return type;
}

function partSchema(definition: ResourceDefinition, part: "spec" | "status"): StructuralSchema {
  const schema = toRootSchema(definition).properties?.[part];
  assert.ok(schema);
  return schema;
}

/** The sample itself first, then its mutations; of a claim as a pool makes it, and as people do. */
function listCases(definition: ResourceDefinition, part: "spec" | "status"): readonly Mutation[] {
  const schema = partSchema(definition, part);
  const sample = sampleResources[definition.kind][part];
  const { nodePoolRef, ...byHand } = { nodePoolRef: undefined, ...sample };
  const bases = nodePoolRef === undefined ? [sample] : [sample, byHand];
  const all = bases.flatMap((value) => listMutations(schema, value))
    .filter(({ value }) => value !== null);
  const step = Math.max(1, all.length / casesPerPart);
  const spread = Array.from(
    { length: Math.floor(all.length / step) },
    (_, index) => all[Math.floor(index * step)],
  );
  return [
    ...bases.map((value) => ({ name: "the sample", value })),
    ...spread.filter((one) => one !== undefined),
  ];
}

/** What a write came to. */
type Verdict = "accepted" | { readonly refused: string };

async function compare(
  cases: readonly Mutation[],
  schema: StructuralSchema,
  write: (value: unknown) => Promise<Verdict>,
): Promise<void> {
  const judge = createJudge(schema);
  const differences: string[] = [];
  let accepted = 0;
  const queue = cases.values();
  await Promise.all(Array.from({ length: workers }, async () => {
    for (const { name, value } of queue) {
      const verdict = await write(value);
      const { faults } = judge(value);
      if (verdict === "accepted") accepted++;
      if ((verdict === "accepted") === (faults.length === 0)) continue;
      const told = verdict === "accepted" ? verdict : verdict.refused;
      differences.push(`${name}\n  server: ${told}\n  ours: ${faults.join("; ") || "accepted"}`);
    }
  }));
  assert.deepEqual(differences, []);
  assert.ok(
    accepted > 50 && cases.length - accepted > 50,
    `${accepted} of ${cases.length} accepted`,
  );
}

function objectOf({ kind }: ResourceDefinition, name: string, spec: unknown): KubernetesObject {
  const object = { apiVersion: "tgp.io/v1", kind, metadata: { name }, spec };
  return object;
}

function create(kube: KubeClient, definition: ResourceDefinition, spec: unknown): Promise<Verdict> {
  return judged(
    kube.create(typeOf(definition), objectOf(definition, "case", spec), { dryRun: true }),
  );
}

function writeStatus(
  kube: KubeClient,
  definition: ResourceDefinition,
  value: unknown,
): Promise<Verdict> {
  return judged(
    kube.patch(typeOf(definition), { name: "stored" }, [{ op: "add", path: "/status", value }], {
      kind: "json",
      subresource: "status",
      dryRun: true,
    }),
  );
}

/** An answer that cannot be read is no verdict: it is what must never be. */
async function judged(write: Promise<unknown>): Promise<Verdict> {
  try {
    await write;
    return "accepted";
  } catch (error) {
    if (!(error instanceof KubeError) || error.code >= 500) throw error;
    return { refused: error.message };
  }
}
