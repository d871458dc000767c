/**
 * The scheduler and what follows from it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractCluster } from "./cluster.ts";
import { eventually, findCondition, makeNamespace, podBody, send, textAt } from "./steps.ts";

/** Makes a node that is ready and takes pods which select it. @returns Its path. */
async function makeReadyNode(
  cluster: ContractCluster,
  resources: Readonly<Record<string, string>>,
  spec: Json = {},
): Promise<{ readonly name: string; readonly path: string }> {
  const name = cluster.unique("node");
  const path = `/api/v1/nodes/${name}`;
  const capacity = { cpu: "8", memory: "16Gi", pods: "10", ...resources };
  await send(cluster, "POST", "/api/v1/nodes", {
    body: { metadata: { name, labels: { "x.test/node": name } }, spec, status: { capacity } },
  });
  await send(cluster, "PATCH", `${path}/status`, {
    contentType: "application/strategic-merge-patch+json",
    body: { status: { conditions: [{ type: "Ready", status: "True" }] } },
  });
  await eventually(cluster, "the node is untainted", async () => {
    const taints = asArray(getIn(await send(cluster, "GET", path), "spec", "taints"));
    const keys = taints.map((taint) => textAt(taint, "key"));
    return keys.includes("node.kubernetes.io/not-ready") ? undefined : true;
  });
  return { name, path };
}

function requesting(requests: Json, spec: Readonly<Record<string, Json>> = {}) {
  const container = { name: "c", image: "registry.test/c:1", resources: { limits: requests } };
  return { containers: [container], ...spec };
}

function scheduled(cluster: ContractCluster, path: string): Promise<string> {
  return eventually(
    cluster,
    "the pod is bound",
    async () => textAt(await send(cluster, "GET", path), "spec", "nodeName") || undefined,
  );
}

/** The message of an unschedulable pod that contains a text. */
function unschedulable(
  cluster: ContractCluster,
  path: string,
  text: RegExp,
): Promise<string> {
  return eventually(cluster, `the pod is unschedulable: ${text}`, async () => {
    const condition = findCondition(await send(cluster, "GET", path), "PodScheduled");
    if (condition?.reason !== "Unschedulable") return undefined;
    assert.equal(condition.status, "False");
    const message = String(condition.message);
    return text.test(message) ? message : undefined;
  });
}

/** See the module. */
export const schedulingCases: readonly ContractCase[] = [
  {
    name: "a pod that fits nowhere says why, and is bound when a node comes that it fits on",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const other = await makeReadyNode(cluster, {});
      const gpu = requesting({ "nvidia.com/gpu": "1" });
      await send(cluster, "POST", pods, { body: podBody("p", gpu) });
      const message = await unschedulable(cluster, `${pods}/p`, /Insufficient nvidia\.com\/gpu/);
      assert.match(message, /^0\/\d+ nodes are available: /);
      const fitting = await makeReadyNode(cluster, { "nvidia.com/gpu": "1" });
      assert.equal(await scheduled(cluster, `${pods}/p`), fitting.name);
      const pod = await send(cluster, "GET", `${pods}/p`);
      assert.equal(findCondition(pod, "PodScheduled")?.status, "True");
      await send(cluster, "POST", pods, { body: podBody("q", gpu) });
      await unschedulable(cluster, `${pods}/q`, /Insufficient nvidia\.com\/gpu/);
      await send(cluster, "DELETE", `${pods}/p`, { body: { gracePeriodSeconds: 0 } });
      assert.equal(await scheduled(cluster, `${pods}/q`), fitting.name);
      for (const { path } of [other, fitting]) await send(cluster, "DELETE", path);
    },
  },
  {
    name: "taints, selectors and cordons keep pods away",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const taint = { key: "x.test/keep-off", value: "yes", effect: "NoSchedule" };
      const { name, path } = await makeReadyNode(cluster, {}, { taints: [taint] });
      const nodeSelector = { "x.test/node": name };
      await send(cluster, "POST", pods, { body: podBody("tainted", { nodeSelector }) });
      await unschedulable(cluster, `${pods}/tainted`, /had untolerated taint/);
      const tolerations = [{ key: "x.test/keep-off", operator: "Equal", value: "yes" }];
      await send(cluster, "POST", pods, {
        body: podBody("tolerant", { nodeSelector, tolerations }),
      });
      assert.equal(await scheduled(cluster, `${pods}/tolerant`), name);
      await send(cluster, "POST", pods, {
        body: podBody("choosy", { nodeSelector: { "x.test/node": "none" }, tolerations }),
      });
      await unschedulable(cluster, `${pods}/choosy`, /didn't match Pod's node affinity\/selector/);
      await send(cluster, "PATCH", path, { body: { spec: { unschedulable: true } } });
      await cluster.pause();
      await send(cluster, "POST", pods, { body: podBody("late", { nodeSelector, tolerations }) });
      await unschedulable(cluster, `${pods}/late`, /were unschedulable/);
      await send(cluster, "DELETE", path);
    },
  },
  {
    name: "a NoExecute taint drives out the pods that do not tolerate it",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const { name, path } = await makeReadyNode(cluster, {});
      const nodeSelector = { "x.test/node": name };
      const tolerate = (more: Json) => ({
        nodeSelector,
        tolerations: [{ key: "x.test/out", operator: "Exists", ...(more as object) }],
      });
      await send(cluster, "POST", pods, { body: podBody("guest", { nodeSelector }) });
      await send(cluster, "POST", pods, { body: podBody("tenant", tolerate({})) });
      await send(cluster, "POST", pods, {
        body: podBody("leaver", tolerate({ effect: "NoExecute", tolerationSeconds: 2 })),
      });
      for (const pod of ["guest", "tenant", "leaver"]) await scheduled(cluster, `${pods}/${pod}`);
      await send(cluster, "PATCH", path, {
        body: { spec: { taints: [{ key: "x.test/out", effect: "NoExecute" }] } },
      });
      const isLeaving = async (pod: string) => {
        const answer = await cluster.request("GET", `${pods}/${pod}`);
        const gone = answer.status === 404 ||
          textAt(answer.body, "metadata", "deletionTimestamp") !== "";
        return gone ? true : undefined;
      };
      await eventually(cluster, "the guest leaves", () => isLeaving("guest"));
      await eventually(cluster, "the leaver leaves", () => isLeaving("leaver"));
      assert.equal(await isLeaving("tenant"), undefined);
      await send(cluster, "DELETE", path);
    },
  },
];
