import assert from "node:assert/strict";
import { isAlreadyExists, isConflict, isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { configMaps, nodes, pods, type ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import {
  configMap,
  createScriptedKube,
  json,
  list,
  status,
  toPathAndQuery,
} from "../support/kube_scripted.ts";

const ref = { namespace: "ns", name: "a" };
const object = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "ns", resourceVersion: "7" },
};
const clusterRoles: ResourceType<KubernetesObject> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  parse: (raw) => raw as KubernetesObject,
};

/** What each method sends: method, path and query, content type, body. */
const sent: readonly (readonly [string, (kube: Kube) => Promise<unknown>, unknown[]])[] = [
  ["get", (kube) => kube.get(configMaps, ref), ["GET", "/api/v1/namespaces/ns/configmaps/a"]],
  [
    "get, cluster-scoped, in a group, with a name that needs escaping",
    (kube) => kube.get(clusterRoles, { name: "system:Node/x" }),
    ["GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:Node/x"],
  ],
  [
    "get status",
    (kube) => kube.get(nodes, { name: "n" }, { subresource: "status" }),
    ["GET", "/api/v1/nodes/n/status"],
  ],
  [
    "create",
    (kube) => kube.create(configMaps, object),
    ["POST", "/api/v1/namespaces/ns/configmaps", "application/json", object],
  ],
  [
    "create a binding",
    (kube) => kube.create(pods, { ...object, kind: "Binding" }, { subresource: "binding" }),
    [
      "POST",
      "/api/v1/namespaces/ns/pods/a/binding",
      "application/json",
      { ...object, kind: "Binding" },
    ],
  ],
  [
    "replace",
    (kube) => kube.replace(configMaps, object),
    ["PUT", "/api/v1/namespaces/ns/configmaps/a", "application/json", object],
  ],
  [
    "replace status",
    (kube) => kube.replace(configMaps, object, { subresource: "status" }),
    ["PUT", "/api/v1/namespaces/ns/configmaps/a/status", "application/json", object],
  ],
  [
    "patch",
    (kube) => kube.patch(configMaps, ref, { data: { k: null } }),
    ["PATCH", "/api/v1/namespaces/ns/configmaps/a", "application/merge-patch+json", {
      data: { k: null },
    }],
  ],
  [
    "patch status by JSON Patch",
    (kube) =>
      kube.patch(configMaps, ref, [], { kind: "json", subresource: "status", fieldManager: "m" }),
    [
      "PATCH",
      "/api/v1/namespaces/ns/configmaps/a/status?fieldManager=m",
      "application/json-patch+json",
      [],
    ],
  ],
  [
    "patch strategically",
    (kube) => kube.patch(nodes, { name: "n" }, {}, { kind: "strategic" }),
    ["PATCH", "/api/v1/nodes/n", "application/strategic-merge-patch+json", {}],
  ],
  [
    "apply",
    (kube) => kube.apply(configMaps, object, { fieldManager: "tgp", force: true }),
    [
      "PATCH",
      "/api/v1/namespaces/ns/configmaps/a?fieldManager=tgp&force=true",
      "application/apply-patch+yaml",
      object,
    ],
  ],
  [
    "delete",
    (kube) =>
      kube.delete(configMaps, ref, {
        gracePeriodSeconds: 0,
        propagationPolicy: "Foreground",
        preconditions: { uid: "u" },
      }),
    ["DELETE", "/api/v1/namespaces/ns/configmaps/a", "application/json", {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      propagationPolicy: "Foreground",
      preconditions: { uid: "u" },
    }],
  ],
  [
    "create without storing it",
    (kube) => kube.create(configMaps, object, { dryRun: true }),
    ["POST", "/api/v1/namespaces/ns/configmaps?dryRun=All", "application/json", object],
  ],
  [
    "patch without storing it",
    (kube) => kube.patch(configMaps, ref, {}, { dryRun: true }),
    ["PATCH", "/api/v1/namespaces/ns/configmaps/a?dryRun=All", "application/merge-patch+json", {}],
  ],
  [
    "delete without doing it",
    (kube) => kube.delete(configMaps, ref, { dryRun: true }),
    ["DELETE", "/api/v1/namespaces/ns/configmaps/a", "application/json", {
      apiVersion: "v1",
      kind: "DeleteOptions",
      dryRun: ["All"],
    }],
  ],
  [
    "evict",
    (kube) => kube.evict(ref, { uid: "u" }),
    ["POST", "/api/v1/namespaces/ns/pods/a/eviction", "application/json", {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "a", namespace: "ns" },
      deleteOptions: { preconditions: { uid: "u" } },
    }],
  ],
  ["getRaw", (kube) => kube.getRaw("/version"), ["GET", "/version"]],
];
for (const [name, call, expected] of sent) {
  Deno.test(`createKubeClient() sends ${name}`, async () => {
    const { kube, requests } = createScriptedKube(() => json(object));
    await call(kube);
    const request = requests[0];
    assert.ok(request && requests.length === 1);
    const text = await request.text();
    const type = request.headers.get("content-type");
    assert.deepEqual(
      [request.method, toPathAndQuery(request), ...(text ? [type, JSON.parse(text)] : [])],
      expected,
    );
    assert.equal(request.headers.get("accept"), "application/json");
    assert.equal(request.headers.get("user-agent"), "test/1");
  });
}

Deno.test("createKubeClient() escapes names, so that none leads elsewhere", async () => {
  const { kube, requests } = createScriptedKube(() => json(object));
  await kube.get(configMaps, { namespace: "ns", name: "../../secrets?x=1" });
  const { pathname, search } = new URL(requests[0]?.url ?? "");
  assert.equal(pathname, "/api/v1/namespaces/ns/configmaps/..%2F..%2Fsecrets%3Fx%3D1");
  assert.equal(search, "");
});

Deno.test("createKubeClient() refuses paths that would mean something else", async () => {
  const { kube, requests } = createScriptedKube(() => json(object));
  await assert.rejects(kube.get(configMaps, { name: "a" }), TypeError);
  await assert.rejects(kube.delete(configMaps, { name: "", namespace: "ns" }), TypeError);
  await assert.rejects(kube.create(pods, { ...object, metadata: { name: "a" } }), TypeError);
  assert.equal(requests.length, 0);
});

Deno.test("createKubeClient() gives objects of lists the kind that the server leaves out", async () => {
  const { kube } = createScriptedKube(() => list([configMap("a", "1")], "5"));
  const { items, metadata } = await kube.list(configMaps);
  assert.equal(metadata.resourceVersion, "5");
  assert.deepEqual(items.map(({ apiVersion, kind }) => [apiVersion, kind]), [["v1", "ConfigMap"]]);
});

Deno.test("createKubeClient() turns a Status into a KubeError", async () => {
  const errors: readonly (readonly [Response, (error: unknown) => boolean])[] = [
    [status(404, "NotFound"), isNotFound],
    [status(409, "Conflict"), isConflict],
    [status(409, "AlreadyExists"), isAlreadyExists],
  ];
  for (const [answer, is] of errors) {
    const { kube } = createScriptedKube(() => answer);
    await assert.rejects(kube.get(configMaps, ref), (error) => {
      assert.ok(error instanceof KubeError && is(error));
      assert.equal(error.message, `it is ${error.reason}`);
      return true;
    });
  }
});

Deno.test("createKubeClient() shows whose words an answer is that is no Status", async () => {
  const html = "<html>\n  <body>Bad gateway</body>\n</html>";
  const { kube } = createScriptedKube(() => new Response(html, { status: 502 }));
  await assert.rejects(kube.get(configMaps, ref), {
    name: "KubeError",
    code: 502,
    message: "GET /api/v1/namespaces/ns/configmaps/a was answered 502: " +
      "<html> <body>Bad gateway</body> </html>",
  });
});

Deno.test("createKubeClient() says what is wrong with an answer that is not Kubernetes'", async () => {
  const answers: readonly (readonly [string, string])[] = [
    ["<html>Log in</html>", "it is an HTML page"],
    ['{"kind":"Conf', "it is no complete JSON"],
    ["[]", "no object"],
  ];
  for (const [text, problem] of answers) {
    const { kube } = createScriptedKube(() => new Response(text));
    await assert.rejects(kube.get(configMaps, ref), {
      name: "KubeAnswerError",
      message: new RegExp(`Cannot read the answer to GET .*/configmaps/a: ${problem}$`),
    });
  }
  const { kube } = createScriptedKube(() => json({ kind: "List", metadata: {} }));
  await assert.rejects(kube.list(configMaps), {
    name: "KubeAnswerError",
    message: /it is no list$/,
  });
});

Deno.test("createKubeClient() names the object that its type cannot parse", async () => {
  const picky: ResourceType<KubernetesObject> = {
    ...configMaps,
    parse() {
      throw new Error("data is missing");
    },
  };
  const { kube } = createScriptedKube(() => json(object));
  await assert.rejects(kube.get(picky, ref), {
    name: "KubeAnswerError",
    message: 'Cannot read ConfigMap "a": data is missing',
  });
});
