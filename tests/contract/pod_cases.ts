/**
 * Pods: defaults, binding, graceful deletion, eviction.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractCluster } from "./cluster.ts";
import {
  assertRefused,
  eventually,
  findCondition,
  makeNamespace,
  podBody,
  send,
  textAt,
} from "./steps.ts";

/** Makes a pod that no scheduler looks at. @returns Its path. */
async function makePod(
  cluster: ContractCluster,
  namespace: string,
  name: string,
  rest: Readonly<Record<string, Json>> = {},
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const body = podBody(name, { schedulerName: "nobody", ...rest });
  await send(cluster, "POST", path, { body });
  return `${path}/${name}`;
}

/** Lets a pod run on a node. */
async function run(cluster: ContractCluster, path: string): Promise<void> {
  await send(cluster, "PATCH", `${path}/status`, {
    contentType: "application/strategic-merge-patch+json",
    body: { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
  });
}

/** A node that nobody looks after, for pods that name it. */
async function makeNode(cluster: ContractCluster): Promise<string> {
  const name = cluster.unique("node");
  await send(cluster, "POST", "/api/v1/nodes", { body: { metadata: { name } } });
  return name;
}

/** What is written, and what is stored. */
const canonicalQuantities = [
  [1, "1"],
  [1.5, "1500m"],
  [1000, "1k"],
  ["1000m", "1"],
  ["0.5", "500m"],
  ["1500m", "1500m"],
  ["100000000m", "100k"],
  ["1024", "1024"],
  ["1000000", "1M"],
  ["128974848", "128974848"],
  ["1Ki", "1Ki"],
  ["1000Ki", "1000Ki"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  [".5Gi", "512Mi"],
  ["0.1Mi", "104857600m"],
  ["0Gi", "0"],
  ["1e3", "1e3"],
  ["12e5", "1200e3"],
  ["1.0e2", "100"],
  ["1e-3", "1e-3"],
  ["0.0001", "1m"],
  ["1234567890123456789", "1234567890123456789"],
] as const;

const unready = "node.kubernetes.io/not-ready";

/** See the module. */
export const podCases: readonly ContractCase[] = [
  {
    name: "a pod gets its defaults and starts pending",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = await makePod(cluster, namespace, "p");
      const pod = await send(cluster, "GET", path);
      const spec = asObject(getIn(pod, "spec"));
      assert.equal(spec.restartPolicy, "Always");
      assert.equal(spec.terminationGracePeriodSeconds, 30);
      assert.equal(spec.priority, 0);
      assert.equal(spec.serviceAccountName, "default");
      const [container] = asArray(spec.containers);
      assert.equal(textAt(container, "imagePullPolicy"), "IfNotPresent");
      assert.deepEqual(getIn(container, "resources"), {});
      const [first] = asArray(spec.tolerations);
      assert.equal(textAt(first, "key"), unready);
      assert.equal(textAt(pod, "status", "phase"), "Pending");
      assert.equal(textAt(pod, "status", "qosClass"), "BestEffort");
    },
  },
  {
    name: "limits are requests where nothing else is said",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const limits = { "nvidia.com/gpu": "1", cpu: "2" };
      const path = await makePod(cluster, namespace, "p", {
        containers: [{ name: "c", image: "registry.test/c:1", resources: { limits } }],
      });
      const [container] = asArray(getIn(await send(cluster, "GET", path), "spec", "containers"));
      assert.deepEqual(getIn(container, "resources", "requests"), limits);
    },
  },
  {
    name: "quantities are stored in their canonical form",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      for (const [given, stored] of canonicalQuantities) {
        const resources = { limits: { memory: given } };
        const answer = await send(cluster, "POST", pods, {
          query: { dryRun: "All" },
          body: podBody("p", {
            containers: [{ name: "c", image: "registry.test/c:1", resources }],
          }),
        });
        const [container] = asArray(getIn(answer, "spec", "containers"));
        const actual = getIn(container, "resources", "limits", "memory");
        assert.equal(actual, stored, `${JSON.stringify(given)} is stored so`);
      }
    },
  },
  {
    name: "extended resources are whole, limited, and not promised twice",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const ask = (resources: Json) =>
        cluster.request("POST", pods, {
          body: podBody("p", {
            containers: [{ name: "c", image: "registry.test/c:1", resources }],
          }),
        });
      const gpu = "nvidia.com/gpu";
      assertRefused(
        await ask({ limits: { [gpu]: "500m" } }),
        422,
        "Invalid",
        /resources\.limits\[nvidia\.com\/gpu\]: Invalid value: .*must be an integer/,
      );
      assertRefused(
        await ask({ requests: { [gpu]: "1" } }),
        422,
        "Invalid",
        /resources\.limits: Required value: Limit must be set for non overcommitable resources/,
      );
      assertRefused(
        await ask({ requests: { [gpu]: "1" }, limits: { [gpu]: "2" } }),
        422,
        "Invalid",
        /resources\.requests: Invalid value: .*must be equal to nvidia\.com\/gpu limit of 2/,
      );
      assertRefused(
        await ask({ requests: { cpu: "2" }, limits: { cpu: "1" } }),
        422,
        "Invalid",
        /resources\.requests: Invalid value: .*must be less than or equal to cpu limit of 1/,
      );
      assertRefused(
        await ask({ limits: { cpu: "many" } }),
        400,
        "BadRequest",
        /quantities must match/,
      );
    },
  },
  {
    name: "a pod without containers is refused, and a spec does not change",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const empty = await cluster.request("POST", pods, { body: podBody("p", { containers: [] }) });
      assertRefused(empty, 422, "Invalid", /spec\.containers: Required value/);
      const path = await makePod(cluster, namespace, "p");
      const changed = await cluster.request("PATCH", path, {
        body: { spec: { nodeSelector: { a: "b" } } },
      });
      assertRefused(changed, 422, "Invalid", /pod updates may not change fields other than/);
    },
  },
  {
    name: "a pod is bound once",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const node = await makeNode(cluster);
      const path = await makePod(cluster, namespace, "p");
      const bind = () =>
        cluster.request("POST", `${path}/binding`, {
          body: {
            apiVersion: "v1",
            kind: "Binding",
            metadata: { name: "p" },
            target: { apiVersion: "v1", kind: "Node", name: node },
          },
        });
      assert.equal((await bind()).status, 201);
      const pod = await send(cluster, "GET", path);
      assert.equal(textAt(pod, "spec", "nodeName"), node);
      assert.equal(findCondition(pod, "PodScheduled")?.status, "True");
      assertRefused(
        await bind(),
        409,
        "Conflict",
        `Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "${node}"`,
      );
      await send(cluster, "DELETE", `/api/v1/nodes/${node}`);
    },
  },
  {
    name: "an unbound pod goes at once, a bound one when its kubelet says so",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const free = await makePod(cluster, namespace, "free");
      await send(cluster, "DELETE", free);
      assert.equal((await cluster.request("GET", free)).status, 404);
      const node = await makeNode(cluster);
      const bound = await makePod(cluster, namespace, "bound", { nodeName: node });
      const deleted = await send(cluster, "DELETE", bound);
      assert.equal(getIn(deleted, "metadata", "deletionGracePeriodSeconds"), 30);
      const shorter = await send(cluster, "DELETE", bound, { body: { gracePeriodSeconds: 5 } });
      assert.equal(getIn(shorter, "metadata", "deletionGracePeriodSeconds"), 5);
      const longer = await send(cluster, "DELETE", bound, { body: { gracePeriodSeconds: 60 } });
      assert.equal(getIn(longer, "metadata", "deletionGracePeriodSeconds"), 5);
      const uid = textAt(deleted, "metadata", "uid");
      const last = { gracePeriodSeconds: 0, preconditions: { uid } };
      await send(cluster, "DELETE", bound, { body: last });
      assert.equal((await cluster.request("GET", bound)).status, 404);
      await send(cluster, "DELETE", `/api/v1/nodes/${node}`);
    },
  },
  {
    name: "a pod's status writes leave its spec alone",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = await makePod(cluster, namespace, "p");
      const patched = await send(cluster, "PATCH", `${path}/status`, {
        body: { spec: { nodeName: "elsewhere" }, status: { phase: "Running", podIP: "10.0.0.1" } },
      });
      assert.equal(getIn(patched, "spec", "nodeName"), undefined);
      assert.equal(textAt(patched, "status", "phase"), "Running");
      const main = await send(cluster, "PATCH", path, { body: { status: { phase: "Failed" } } });
      assert.equal(textAt(main, "status", "phase"), "Running");
    },
  },
  {
    name: "an eviction deletes, and waits for the disruption budget",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const node = await makeNode(cluster);
      const metadata = { labels: { app: "x" } };
      const paths = [];
      for (const name of ["p", "q"]) {
        const path = await makePod(cluster, namespace, name, { nodeName: node, metadata });
        await run(cluster, path);
        paths.push(path);
      }
      const budgets = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
      await send(cluster, "POST", budgets, {
        body: {
          metadata: { name: "b" },
          spec: { minAvailable: 1, selector: { matchLabels: { app: "x" } } },
        },
      });
      await eventually(cluster, "one disruption is allowed", async () => {
        const budget = await send(cluster, "GET", `${budgets}/b`);
        return getIn(budget, "status", "disruptionsAllowed") === 1 ? true : undefined;
      });
      const evict = (path: string, name: string) =>
        cluster.request("POST", `${path}/eviction`, {
          body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } },
        });
      const [p = "", q = ""] = paths;
      assert.equal((await evict(p, "p")).status, 201);
      assert.match(textAt(await send(cluster, "GET", p), "metadata", "deletionTimestamp"), /Z$/);
      const refused = await evict(q, "q");
      assertRefused(
        refused,
        429,
        "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.",
      );
      const [cause] = asArray(getIn(refused.body, "details", "causes"));
      assert.equal(textAt(cause, "reason"), "DisruptionBudget");
      await send(cluster, "DELETE", `/api/v1/nodes/${node}`);
    },
  },
  {
    name: "an eviction of a pod without a budget just deletes",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = await makePod(cluster, namespace, "p");
      const body = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: "p", namespace },
      };
      await send(cluster, "POST", `${path}/eviction`, { body });
      assert.equal((await cluster.request("GET", path)).status, 404);
      assertRefused(await cluster.request("POST", `${path}/eviction`, { body }), 404, "NotFound");
    },
  },
  {
    name: "a pod's priority comes from its class",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const name = cluster.unique("high");
      const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
      await send(cluster, "POST", classes, {
        body: { metadata: { name }, value: 1000, preemptionPolicy: "Never" },
      });
      const path = await makePod(cluster, namespace, "p", { priorityClassName: name });
      const pod = await send(cluster, "GET", path);
      assert.equal(getIn(pod, "spec", "priority"), 1000);
      assert.equal(textAt(pod, "spec", "preemptionPolicy"), "Never");
      const unknown = await cluster.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
        body: podBody("q", { priorityClassName: "no-such-class" }),
      });
      assertRefused(
        unknown,
        403,
        "Forbidden",
        /no PriorityClass with name no-such-class was found$/,
      );
      await send(cluster, "DELETE", `${classes}/${name}`);
    },
  },
  {
    name: "a pod with gates cannot be bound",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const gates = { schedulingGates: [{ name: "x.test/wait" }] };
      const path = await makePod(cluster, namespace, "p", gates);
      assert.equal(
        findCondition(await send(cluster, "GET", path), "PodScheduled")?.reason,
        "SchedulingGated",
      );
      const bound = await cluster.request("POST", `${path}/binding`, {
        body: { metadata: { name: "p" }, target: { kind: "Node", name: "n" } },
      });
      assertRefused(bound, 409, "Conflict", /non-empty \.spec\.schedulingGates/);
    },
  },
];
