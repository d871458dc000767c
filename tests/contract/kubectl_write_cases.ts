/**
 * The unmodified kubectl: writing.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, getIn, type Json } from "../../sim/api_server/json.ts";
import type { KubectlCase } from "./cluster.ts";
import { feed, feedOk, run } from "./kubectl_steps.ts";
import { askForCertificate, csrPath } from "./join.ts";
import { eventually, findCondition, makeNamespace, podBody, send, textAt } from "./steps.ts";
import { defineWidgets, widgetBody } from "./widget.ts";

function deployment(namespace: string, containers: Json): Json {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "d" } },
      template: { metadata: { labels: { app: "d" } }, spec: { containers } },
    },
  };
}

const one = { name: "one", image: "registry.test/one:1", env: [{ name: "A", value: "1" }] };
const two = { name: "two", image: "registry.test/two:1" };

/** See the module. */
export const kubectlWriteCases: readonly KubectlCase[] = [
  {
    name: "apply of a built-in kind, and again, with something less",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const apply = (containers: Json) =>
        feedOk(cluster, deployment(namespace, containers), "apply");
      assert.equal(await apply([one, two]), "deployment.apps/d created\n");
      assert.equal(await apply([one, two]), "deployment.apps/d unchanged\n");
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d`;
      const contentType = "application/strategic-merge-patch+json";
      const foreign = { name: "foreign", image: "registry.test/foreign:1" };
      await send(cluster, "PATCH", path, {
        contentType,
        body: { spec: { template: { spec: { containers: [foreign] } } } },
      });
      assert.equal(await apply([{ ...one, env: [] }]), "deployment.apps/d configured\n");
      const stored = await send(cluster, "GET", path);
      const containers = asArray(getIn(stored, "spec", "template", "spec", "containers"));
      const names = containers.map((each) => textAt(each, "name"));
      assert.deepEqual(names.toSorted(), ["foreign", "one"], "others' items stay, dropped ones go");
      const own = containers.find((each) => textAt(each, "name") === "one");
      assert.deepEqual(getIn(own, "env") ?? [], []);
    },
  },
  {
    name: "apply of a custom kind",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const apply = (spec: Readonly<Record<string, Json>>) =>
        feedOk(cluster, widgetBody(kind, "a", spec), "apply");
      assert.equal(await apply({ count: 5, code: "ab" }), `widget.${kind.group}/a created\n`);
      assert.equal(await apply({ count: 5, code: "ab" }), `widget.${kind.group}/a unchanged\n`);
      assert.equal(await apply({ count: 6 }), `widget.${kind.group}/a configured\n`);
      const stored = await send(cluster, "GET", `${kind.path}/a`);
      assert.deepEqual(getIn(stored, "spec"), { size: "small", count: 6 });
    },
  },
  {
    name: "apply --server-side, its conflicts, and from one apply to the other",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const configMap = (k: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "a", namespace },
        data: { k },
      });
      const serverSide = ["apply", "--server-side"];
      assert.equal(
        await feedOk(cluster, configMap("1"), ...serverSide),
        "configmap/a serverside-applied\n",
      );
      const other = [...serverSide, "--field-manager=other"];
      const refused = await feed(cluster, configMap("2"), ...other);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stderr,
        /^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.k\n/,
      );
      await feedOk(cluster, configMap("2"), ...other, "--force-conflicts");
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      assert.equal(textAt(await send(cluster, "GET", path), "data", "k"), "2");
      const moved = { ...configMap("3"), metadata: { name: "b", namespace } };
      await feedOk(cluster, moved, "apply");
      await feedOk(cluster, { ...moved, data: { k: "4" } }, ...serverSide);
      assert.equal(textAt(await send(cluster, "GET", `${path.slice(0, -1)}b`), "data", "k"), "4");
    },
  },
  {
    name: "create of this and that",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const create = (...args: string[]) => run(cluster, "create", "-n", namespace, ...args);
      await create("secret", "generic", "s", "--from-literal=api-key=abc");
      await create("configmap", "c", "--from-literal=k=v");
      await create("deployment", "d", "--image=registry.test/d:1", "--replicas=0");
      await create("serviceaccount", "sa");
      await create("poddisruptionbudget", "p", "--selector=a=b", "--min-available=1");
      const secret = await send(cluster, "GET", `/api/v1/namespaces/${namespace}/secrets/s`);
      assert.deepEqual(getIn(secret, "data"), { "api-key": "YWJj" });
      assert.equal(textAt(secret, "type"), "Opaque");
      const again = await cluster.kubectl(["create", "-n", namespace, "configmap", "c"]);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /configmaps "c" already exists/);
      await run(cluster, "run", "p", "-n", namespace, "--image=registry.test/p:1");
    },
  },
  {
    name: "a mistake is told in the server's words",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const broken = await feed(cluster, widgetBody(kind, "a", { min: 5, max: 2 }), "apply");
      assert.equal(broken.code, 1);
      assert.equal(
        broken.stderr,
        `The Widget "a" is invalid: spec: Invalid value: min must not exceed max\n`,
      );
      const unknown = await feed(cluster, widgetBody(kind, "a", { colour: "red" }), "apply");
      assert.match(unknown.stderr, /strict decoding error: unknown field "spec\.colour"/);
    },
  },
  {
    name: "edit, patch, label, annotate, replace",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      await run(cluster, "create", "configmap", "c", "-n", namespace, "--from-literal=k=v");
      const env = { KUBE_EDITOR: "sed -i s/k:.v/k:\\ edited/" };
      const edited = await cluster.kubectl(
        ["edit", "configmap", "c", "-n", namespace],
        undefined,
        env,
      );
      assert.equal(edited.stdout, "configmap/c edited\n", edited.stderr);
      await run(cluster, "patch", "configmap", "c", "-n", namespace, "-p", '{"data":{"p":"q"}}');
      await run(cluster, "label", "configmap", "c", "-n", namespace, "l=m");
      await run(cluster, "annotate", "configmap", "c", "-n", namespace, "a=b");
      await run(cluster, "label", "configmap", "c", "-n", namespace, "l=n", "--overwrite");
      const path = `/api/v1/namespaces/${namespace}/configmaps/c`;
      const stored = await send(cluster, "GET", path);
      assert.deepEqual(getIn(stored, "data"), { k: "edited", p: "q" });
      assert.deepEqual(getIn(stored, "metadata", "labels"), { l: "n" });
      assert.deepEqual(getIn(stored, "metadata", "annotations"), { a: "b" });
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace } };
      await feedOk(cluster, body, "replace");
      assert.equal(getIn(await send(cluster, "GET", path), "data"), undefined);
    },
  },
  {
    name: "taint, cordon and drain",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const node = cluster.unique("node");
      const path = `/api/v1/nodes/${node}`;
      await send(cluster, "POST", "/api/v1/nodes", { body: { metadata: { name: node } } });
      await run(cluster, "taint", "nodes", node, "x.test/a=b:NoSchedule");
      const keys = async () =>
        asArray(getIn(await send(cluster, "GET", path), "spec", "taints")).map((taint) =>
          textAt(taint, "key")
        );
      assert.ok((await keys()).includes("x.test/a"));
      await run(cluster, "taint", "nodes", node, "x.test/a-");
      assert.ok(!(await keys()).includes("x.test/a"));
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      await send(cluster, "POST", pods, { body: podBody("p", { nodeName: node }) });
      // Nobody runs the pod, so it stays marked; the drain gives up waiting for it.
      const drained = await cluster.kubectl(["drain", node, "--force", "--timeout=3s"]);
      assert.match(drained.stdout, /cordoned/);
      const pod = await send(cluster, "GET", `${pods}/p`);
      assert.match(textAt(pod, "metadata", "deletionTimestamp"), /Z$/, drained.stderr);
      assert.equal(getIn(await send(cluster, "GET", path), "spec", "unschedulable"), true);
      await run(cluster, "uncordon", node);
      assert.equal(getIn(await send(cluster, "GET", path), "spec", "unschedulable"), undefined);
      await run(cluster, "delete", "pod", "p", "-n", namespace, "--grace-period=0", "--force");
      await run(cluster, "delete", "node", node);
    },
  },
  {
    name: "certificate approve and deny",
    async run(cluster) {
      const good = await askForCertificate(cluster, cluster.unique("node"));
      await run(cluster, "certificate", "approve", good.name);
      await eventually(
        cluster,
        "the certificate",
        async () =>
          textAt(await send(cluster, "GET", `${csrPath}/${good.name}`), "status", "certificate") ||
          undefined,
      );
      assert.match(await run(cluster, "get", "csr", good.name), /Approved,Issued$/m);
      const bad = await askForCertificate(cluster, cluster.unique("node"));
      await run(cluster, "certificate", "deny", bad.name);
      const denied = await send(cluster, "GET", `${csrPath}/${bad.name}`);
      assert.equal(findCondition(denied, "Denied")?.status, "True");
    },
  },
  {
    name: "delete waits until the object is gone",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const body = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "c", namespace, finalizers: ["example.com/hold"] },
      };
      await feedOk(cluster, body, "create");
      const deleting = cluster.kubectl(["delete", "configmap", "c", "-n", namespace]);
      const path = `/api/v1/namespaces/${namespace}/configmaps/c`;
      await eventually(
        cluster,
        "the object is marked",
        async () =>
          textAt(await send(cluster, "GET", path), "metadata", "deletionTimestamp") || undefined,
      );
      await send(cluster, "PATCH", path, { body: { metadata: { finalizers: null } } });
      const { code, stdout } = await deleting;
      assert.equal(code, 0);
      assert.match(stdout, /^configmap "c" deleted/);
      await run(cluster, "delete", "namespace", namespace);
    },
  },
];
