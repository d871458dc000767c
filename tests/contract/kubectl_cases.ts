/**
 * The unmodified kubectl: reading.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Json } from "../../sim/api_server/json.ts";
import type { KubectlCase } from "./cluster.ts";
import { feedOk, run, words } from "./kubectl_steps.ts";
import { eventually, makeNamespace, podBody, send } from "./steps.ts";
import { defineWidgets, makeWidget, widgetBody } from "./widget.ts";

function event(namespace: string, involved: Json, message: string): Json {
  return {
    metadata: { generateName: "e-", namespace },
    involvedObject: involved,
    reason: "Tested",
    message,
    type: "Normal",
    count: 1,
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    source: { component: "contract" },
  };
}

/** See the module. */
export const kubectlCases: readonly KubectlCase[] = [
  {
    name: "version",
    async run(cluster) {
      assert.match(await run(cluster, "version"), /^Server Version: v1\.\d+/m);
    },
  },
  {
    name: "api-resources, short names and categories",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a");
      const listed = await run(cluster, "api-resources", `--api-group=${kind.group}`);
      assert.match(listed, /^widgets +wd +g\S+\/v1 +false +Widget$/m);
      const core = await run(cluster, "api-resources", "--api-group=", "-o", "name");
      for (const name of ["pods", "nodes", "secrets", "events", "configmaps", "namespaces"]) {
        assert.ok(core.split("\n").includes(name), name);
      }
      const byCategory = await run(cluster, "get", "toys", "-o", "name");
      assert.ok(byCategory.includes(`widget.${kind.group}/a`), byCategory);
      const byShortName = await run(cluster, "get", `widget.${kind.group}`, "a", "-o", "name");
      assert.equal(byShortName.trim(), `widget.${kind.group}/a`);
    },
  },
  {
    name: "get in all its forms",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const metadata = { labels: { app: "x" } };
      const one = podBody("one", { metadata: { name: "one", ...metadata }, nodeName: "some-node" });
      await send(cluster, "POST", pods, { body: one });
      await send(cluster, "POST", pods, { body: podBody("two", { schedulerName: "nobody" }) });
      const get = (...args: string[]) => run(cluster, "get", "-n", namespace, ...args);
      assert.deepEqual(words(await get("pods", "-o", "wide")), [
        [
          "NAME",
          "READY",
          "STATUS",
          "RESTARTS",
          "AGE",
          "IP",
          "NODE",
          "NOMINATED NODE",
          "READINESS GATES",
        ],
        ["one", "0/1", "Pending", "0", "<none>", "some-node", "<none>", "<none>"],
        ["two", "0/1", "Pending", "0", "<none>", "<none>", "<none>", "<none>"],
      ]);
      assert.deepEqual(words(await get("pods", "--no-headers", "-l", "app=x")), [
        ["one", "0/1", "Pending", "0"],
      ]);
      const named = await get("pods", "--field-selector", "spec.nodeName=", "-o", "name");
      assert.equal(named, "pod/two\n");
      assert.equal(await get("pod/one", "-o", "jsonpath={.spec.nodeName}"), "some-node");
      assert.match(await get("pod", "one", "-o", "yaml"), /^ {2}nodeName: some-node$/m);
      const all = await run(cluster, "get", "pods", "-A", "-o", "name");
      assert.ok(all.includes("pod/one"));
      assert.match(await get("pods", "--show-labels"), /one .*app=x$/m);
      const missing = await cluster.kubectl(["get", "-n", namespace, "pod", "none"]);
      assert.equal(missing.code, 1);
      assert.equal(missing.stderr, `Error from server (NotFound): pods "none" not found\n`);
    },
  },
  {
    name: "get of a custom kind, wide or not",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await makeWidget(cluster, kind, "a", { count: 7 });
      const plain = await run(cluster, "get", `widgets.${kind.group}`);
      assert.deepEqual(words(plain), [["NAME", "SIZE", "READY", "AGE"], ["a", "small"]]);
      const wide = await run(cluster, "get", `widgets.${kind.group}`, "-o", "wide");
      assert.match(wide, /^NAME +SIZE +READY +COUNT +TAGS +AGE\na +small +7 +\d+s\n$/);
    },
  },
  {
    name: "get -w shows what changes",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const secrets = `/api/v1/namespaces/${namespace}/secrets`;
      await send(cluster, "POST", secrets, { body: { metadata: { name: "a" } } });
      const watching = cluster.kubectl(
        ["get", "secrets", "-n", namespace, "-w", "--output-watch-events", "--request-timeout=3s"],
      );
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await send(cluster, "PATCH", `${secrets}/a`, { body: { stringData: { k: "v" } } });
      await send(cluster, "DELETE", `${secrets}/a`);
      const { stdout } = await watching;
      const lines = words(stdout).filter((line) => line[0] !== "EVENT");
      assert.deepEqual(lines, [
        ["ADDED", "a", "Opaque", "0"],
        ["MODIFIED", "a", "Opaque", "1"],
        ["DELETED", "a", "Opaque", "1"],
      ]);
    },
  },
  {
    name: "describe, with events",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const pod = await send(cluster, "POST", pods, {
        body: podBody("p", { schedulerName: "nobody" }),
      });
      const uid = (pod as { metadata: { uid: string } }).metadata.uid;
      await send(cluster, "POST", `/api/v1/namespaces/${namespace}/events`, {
        body: event(namespace, { kind: "Pod", namespace, name: "p", uid }, "seen by describe"),
      });
      const described = await run(cluster, "describe", "pod", "p", "-n", namespace);
      assert.match(described, /^Name: +p$/m);
      assert.match(described, /^ {2}Normal +Tested +.* contract +seen by describe$/m);
      const kind = await defineWidgets(cluster);
      const widget = await makeWidget(cluster, kind, "w");
      const widgetUid = (widget as { metadata: { uid: string } }).metadata.uid;
      await send(cluster, "POST", "/api/v1/namespaces/default/events", {
        body: event("default", {
          apiVersion: `${kind.group}/v1`,
          kind: "Widget",
          name: "w",
          uid: widgetUid,
        }, "a widget was seen"),
      });
      const other = await run(cluster, "describe", `widget.${kind.group}`, "w");
      assert.match(other, /^ {2}Size: +small$/m);
      assert.match(other, /a widget was seen/);
      const node = cluster.unique("node");
      // A taint of our own: those that Kubernetes puts on come and go with its controllers.
      const taints = [{ key: "contract", value: "here", effect: "NoSchedule" }];
      const body = { metadata: { name: node }, spec: { taints } };
      await send(cluster, "POST", "/api/v1/nodes", { body });
      const text = await run(cluster, "describe", "node", node);
      assert.match(text, /contract=here:NoSchedule/);
      await send(cluster, "DELETE", `/api/v1/nodes/${node}`);
      const secret = await run(cluster, "describe", "namespace", namespace);
      assert.match(secret, /^Status: +Active$/m);
    },
  },
  {
    name: "events",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const involved = { apiVersion: "v1", kind: "Pod", namespace, name: "p", uid: "u" };
      const path = `/api/v1/namespaces/${namespace}/events`;
      await send(cluster, "POST", path, { body: event(namespace, involved, "told") });
      const got = await run(cluster, "get", "events", "-n", namespace);
      assert.match(
        got,
        /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Normal +Tested +pod\/p +told$/m,
      );
      assert.match(
        await run(cluster, "events", "-n", namespace, "--for", "pod/p"),
        /Tested +Pod\/p +told/,
      );
    },
  },
  {
    name: "explain",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const version = `--api-version=${kind.group}/v1`;
      // A real server publishes the schema a moment later.
      await eventually(
        cluster,
        "the schema is published",
        async () =>
          (await cluster.kubectl(["explain", "widgets.spec.size", version])).code === 0 ||
          undefined,
      );
      const field = await run(cluster, "explain", "widgets.spec.size", version);
      assert.match(
        field,
        /FIELD: size <string>\nENUM:\n {4}small\n {4}large\n\nDESCRIPTION:\n {4}How big it is/,
      );
      const all = await run(cluster, "explain", "widgets", version, "--recursive");
      assert.match(all, /^ {2}spec\t<Object> -required-$/m);
      assert.match(all, /^ {4}size\t<string> -required-$/m);
      assert.match(all, /^ {4}parts\t<\[\]Object>$/m);
    },
  },
  {
    name: "auth can-i and whoami",
    async run(cluster) {
      assert.equal(await run(cluster, "auth", "can-i", "delete", "nodes"), "yes\n");
      assert.match(await run(cluster, "auth", "whoami"), /system:masters/);
      const other = ["auth", "can-i", "delete", "nodes", "--as", "somebody"];
      assert.equal((await cluster.kubectl(other)).stdout, "no\n");
      assert.match(await run(cluster, "auth", "can-i", "--list"), /^\*\.\* +\[\] +\[\] +\[\*\]$/m);
    },
  },
  {
    name: "wait for conditions, values and ends",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await feedOk(cluster, widgetBody(kind, "a"), "create");
      const resource = `widget.${kind.group}/a`;
      const early = await cluster.kubectl(
        ["wait", "--for=condition=Ready", resource, "--timeout=1s"],
      );
      assert.equal(early.code, 1);
      const waiting = cluster.kubectl(["wait", "--for=condition=Ready", resource, "--timeout=20s"]);
      const status = { phase: "Up", conditions: [{ type: "Ready", status: "True" }] };
      await send(cluster, "PATCH", `${kind.path}/a/status`, { body: { status } });
      assert.equal((await waiting).stdout, `widget.${kind.group}/a condition met\n`);
      await run(cluster, "wait", "--for=jsonpath={.status.phase}=Up", resource, "--timeout=20s");
      const ending = cluster.kubectl(["wait", "--for=delete", resource, "--timeout=20s"]);
      await run(cluster, "delete", resource);
      assert.equal((await ending).code, 0);
    },
  },
];
