import assert from "node:assert/strict";
import { collectDaemons } from "../../../controller/provisioner/daemons.ts";
import type { NodeSelectorTerm, Pod } from "../../../schemas/kubernetes.ts";
import { buildPod } from "../../support/controller_builders.ts";

function daemon(uid: string, node: string, terms: readonly NodeSelectorTerm[] = []): Pod {
  return buildPod({
    metadata: {
      name: `${uid}-${node}`,
      ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: uid, uid }],
    },
    spec: {
      nodeName: node,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
        },
      },
    },
  });
}

const itsNode = (node: string) => [{
  key: "metadata.name",
  operator: "In" as const,
  values: [node],
}];
const amd64 = [{ key: "kubernetes.io/arch", operator: "In" as const, values: ["amd64"] }];

Deno.test("collectDaemons() takes one pod of each DaemonSet, free of its node", () => {
  const models = collectDaemons([
    daemon("a", "one", [{ matchFields: itsNode("one") }]),
    daemon("a", "two", [{ matchFields: itsNode("two") }]),
    daemon("b", "one", [{ matchFields: itsNode("one"), matchExpressions: amd64 }]),
    buildPod(),
  ]);
  assert.deepEqual(models.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid), ["a", "b"]);
  assert.deepEqual(models.map(({ spec }) => spec.nodeName), [undefined, undefined]);
  assert.equal(models[0]?.spec.affinity, undefined);
  assert.deepEqual(
    models[1]?.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
    { nodeSelectorTerms: [{ matchExpressions: amd64 }] },
  );
});

Deno.test("collectDaemons() does not change the pods it is given", () => {
  const pod = daemon("a", "one", [{ matchFields: itsNode("one") }]);
  const before = structuredClone(pod);
  collectDaemons([pod]);
  assert.deepEqual(pod, before);
});
