import assert from "node:assert/strict";
import { allChecks } from "../../../kube/preflight/checks.ts";
import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { PluginHarness, type PluginResult } from "../../support/plugin_harness.ts";
import { condition, createClassOf } from "../../support/plugin_objects.ts";
import { createAuthority } from "../../support/kube_tls.ts";

type Part = Readonly<Record<string, unknown>>;

interface Item {
  readonly check: string;
  readonly class: string | null;
  readonly state: string;
  readonly message: string;
  readonly remedy: readonly string[];
}

function object(apiVersion: string, kind: string, name: string, rest: Part): KubernetesObject {
  const { namespace, ...fields } = rest;
  const made: KubernetesObject & Part = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace: String(namespace) } : {}) },
    ...fields,
  };
  return made;
}

/** What `kubeadm init` leaves, and a device plugin. */
const kubeadmCluster: readonly KubernetesObject[] = [
  object("v1", "ConfigMap", "kubeadm-config", {
    namespace: "kube-system",
    data: { ClusterConfiguration: "kubernetesVersion: v1.36.0\n" },
  }),
  object("v1", "ConfigMap", "kubelet-config", { namespace: "kube-system", data: { kubelet: "" } }),
  ...["kubeadm:nodes-kubeadm-config", "kubeadm:kubelet-config"].map((name) =>
    object("rbac.authorization.k8s.io/v1", "Role", name, {
      namespace: "kube-system",
      rules: [{
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: [name.replace(/^kubeadm:(nodes-)?/, "")],
        verbs: ["get"],
      }],
    })
  ),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "kubeadm:get-nodes", {
    rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  }),
  object("apps/v1", "DaemonSet", "nvidia-device-plugin", {
    namespace: "kube-system",
    spec: {
      selector: { matchLabels: { name: "nvidia" } },
      template: {
        metadata: { labels: { name: "nvidia" } },
        spec: { containers: [{ name: "c", image: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4" }] },
      },
    },
  }),
];

const { caPem } = await createAuthority();

/** Everything as it should be. */
async function makeHealthy(plugin: PluginHarness): Promise<void> {
  await plugin.apply(...kubeadmCluster);
  await plugin.apply(
    object("v1", "ConfigMap", "kube-root-ca.crt", {
      namespace: "tgp-system",
      data: { "ca.crt": caPem },
    }),
    object("coordination.k8s.io/v1", "Lease", "tgp-controller", {
      namespace: "tgp-system",
      spec: {
        holderIdentity: "tgp-1",
        leaseDurationSeconds: 15,
        renewTime: new Date(plugin.clock.now()).toISOString().replace("Z", "000Z"),
      },
    }),
  );
  const entry = {
    name: "lambda",
    credentialsRef: { name: "keys", key: "lambda" },
    lambda: { sshKeyName: "k" },
  };
  await createClassOf(plugin.kube, "default", [entry], {
    conditions: [
      condition("CredentialsResolved", "True", "AllResolved", "all found"),
      condition("ProvidersReachable", "True", "AllReachable", "all reachable"),
      condition("CatalogFresh", "True", "CatalogRefreshed", "read a minute ago"),
    ],
    lastCheckedTime: new Date(plugin.clock.now()).toISOString(),
  });
  await setEndpoint(plugin, "k8s.example.com:6443");
  plugin.probe = () => ({
    kind: "answered",
    distrust: undefined,
    isForHost: true,
    names: "DNS:k8s.example.com",
    notAfterMs: plugin.clock.now() + 300 * 86_400_000,
  });
}

async function setEndpoint(plugin: PluginHarness, apiServerEndpoint: string): Promise<void> {
  const classes = {
    group: "tgp.io",
    version: "v1",
    kind: "GPUNodeClass",
    plural: "gpunodeclasses",
    namespaced: false,
    parse: () => object("tgp.io/v1", "GPUNodeClass", "default", {}),
  };
  const kubeadm = { apiServerEndpoint, kubernetesVersion: "1.36.0" };
  await plugin.kube.patch(classes, { name: "default" }, { spec: { bootstrap: { kubeadm } } });
}

function itemsOf({ stdout }: PluginResult): ReadonlyMap<string, Item> {
  const items: readonly Item[] = JSON.parse(stdout).items;
  return new Map(items.map((item) => [item.check, item]));
}

function statesOf(items: ReadonlyMap<string, Item>, state: string): readonly string[] {
  return [...items.values()].filter((item) => item.state === state).map(({ check }) => check);
}

Deno.test("doctor finds nothing wrong with a cluster that is right, but for what the box lacks", async () => {
  await using plugin = await PluginHarness.create();
  await makeHealthy(plugin);
  const result = await plugin.run("doctor -o json");
  assert.equal(result.code, 0, result.stdout);
  const items = itemsOf(result);
  assert.deepEqual(statesOf(items, "fail"), []);
  // The harness installs what is for a controller outside, and that has no webhook.
  assert.deepEqual(
    [...items.values()].filter(({ state, check }) =>
      state !== "ok" && !check.startsWith("webhook")
    ),
    [],
  );
  const names = allChecks.flatMap((check) => check.names);
  assert.deepEqual([...items.keys()].filter((name) => !names.includes(name)), []);
  assert.equal(JSON.parse(result.stdout).kind, "DoctorCheckList");
  assert.equal(plugin.openConnections, 0);
  assert.equal(plugin.clock.sleeping, 0);
});

Deno.test("doctor names the binding that voids the approver, and the command that removes it", async () => {
  await using plugin = await PluginHarness.create();
  await makeHealthy(plugin);
  const role = "system:certificates.k8s.io:certificatesigningrequests:nodeclient";
  await plugin.apply(
    object("rbac.authorization.k8s.io/v1", "ClusterRole", role, {
      rules: [{
        apiGroups: ["certificates.k8s.io"],
        resources: ["certificatesigningrequests/nodeclient"],
        verbs: ["create"],
      }],
    }),
    object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "auto-approve", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Group",
        name: "system:bootstrappers",
      }],
    }),
  );
  const { code, stdout, stderr } = await plugin.run("doctor", { columns: 80 });
  assert.equal(code, 3);
  assert.match(stdout, /^approver +FAIL +any machine's token can join under any name:$/m);
  assert.match(
    stdout,
    /^What to do:\napprover \(FAIL\)\n {6}kubectl delete clusterrolebinding auto-approve$/m,
  );
  assert.match(stderr, /^1 of \d+ checks failed, \d warnings?, \d unknown$/m);
  // Whoever may not list bindings is told all the same, if he may ask.
  plugin.forbidden.add("clusterrolebindings");
  const item = itemsOf(await plugin.run("doctor -o json")).get("approver");
  assert.equal(item?.state, "fail");
  assert.match(item?.message ?? "", /some ClusterRoleBinding/);
});

Deno.test("doctor says what is wrong with the way machines would join", async () => {
  await using plugin = await PluginHarness.create();
  await makeHealthy(plugin);
  await setEndpoint(plugin, "kubernetes.default.svc:443");
  const inside = itemsOf(await plugin.run("doctor -o json"));
  assert.deepEqual(statesOf(inside, "fail"), ["endpoint"]);
  assert.equal(inside.get("endpoint")?.class, "default");
  await setEndpoint(plugin, "k8s.example.com:6443");
  plugin.probe = () => ({ kind: "silent", why: "connection refused" });
  const silent = itemsOf(await plugin.run("doctor -o json"));
  assert.deepEqual(statesOf(silent, "fail"), ["endpoint"]);
  plugin.probe = ({ host, caPem: told }) => ({
    kind: "answered",
    distrust: told === caPem ? "another authority has signed it" : undefined,
    isForHost: true,
    names: host,
    notAfterMs: plugin.clock.now() + 300 * 86_400_000,
  });
  const strange = itemsOf(await plugin.run("doctor -o json"));
  assert.deepEqual(statesOf(strange, "fail"), ["certificate"]);
});

Deno.test("doctor of a cluster without TGP says what to do", async () => {
  await using plugin = await PluginHarness.create({ installed: false });
  const { code, stdout } = await plugin.run("doctor");
  assert.equal(code, 3);
  assert.match(stdout, /^crds +FAIL +the cluster does not know TGP's kinds$/m);
  assert.match(stdout, /^ {6}kubectl apply -k manifests\/$/m);
});

Deno.test("doctor of somebody with few rights says what looking needs", async () => {
  await using plugin = await PluginHarness.create();
  await makeHealthy(plugin);
  for (
    const plural of [
      ...["leases", "daemonsets", "clusterroles", "subjectaccessreviews", "pods"],
      ...["validatingwebhookconfigurations", "customresourcedefinitions", "configmaps"],
      "create gpunodeclasses",
    ]
  ) plugin.forbidden.add(plural);
  const { code, stdout, stderr } = await plugin.run("doctor");
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^controller +unknown +leases is forbidden: User "jane" cannot read it$/m);
  assert.match(
    stdout,
    /^controller \(unknown\)\n {2}Looking needs: get leases\.coordination\.k8s\.io "tgp-controller" in tgp-system$/m,
  );
  assert.match(stdout, /^gpu-plugin \(unknown\)\n {2}Looking needs: list daemonsets\.apps$/m);
  assert.match(stderr, /^0 of \d+ checks failed/m);
  assert.equal((await plugin.run("doctor --strict")).code, 4);
});

Deno.test("doctor of an API server that cannot be reached says just that", async () => {
  await using plugin = await PluginHarness.create();
  plugin.unreachable = "Cannot reach https://10.0.0.1:6443: connection refused";
  const { code, stdout } = await plugin.run("doctor");
  assert.equal(code, 3);
  assert.match(
    stdout,
    /^api-server +FAIL +Cannot reach https:\/\/10\.0\.0\.1:6443: connection refused$/m,
  );
  assert.equal(stdout.match(/^\S+ +FAIL /gm)?.length, 1);
});

for (const columns of [80, 200]) {
  Deno.test(`doctor fits ${columns} columns, but for commands`, async () => {
    await using plugin = await PluginHarness.create();
    const { stdout } = await plugin.run("doctor", { columns });
    for (const line of stdout.split("\n")) {
      assert.ok(line.length <= columns || /^ {6}k/.test(line), line);
    }
  });
}
