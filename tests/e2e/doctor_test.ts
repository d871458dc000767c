import assert from "node:assert/strict";
import { build } from "../../plugin/build.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { Product } from "./product.ts";

interface Item {
  readonly check: string;
  readonly state: string;
  readonly message: string;
  readonly remedy: readonly string[];
}

/** What `kubeadm init` makes, and this control plane lacks. */
const kubeadmParts = [
  ...["kubeadm-config", "kubelet-config"].flatMap((name) => [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "kube-system" },
      data: { ClusterConfiguration: "kubernetesVersion: v1.36.0\n" },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: {
        name: name === "kubeadm-config" ? "kubeadm:nodes-kubeadm-config" : "kubeadm:kubelet-config",
        namespace: "kube-system",
      },
      rules: [{
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: [name],
        verbs: ["get"],
      }],
    },
  ]),
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "kubeadm:get-nodes" },
    rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  },
];

Deno.test("kubectl tgp doctor on a real control plane", async (t) => {
  const dist = await Deno.makeTempDir({ prefix: "tgp-dist-" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(dist, { recursive: true }));
  await build(dist);
  await using plane = await startControlPlane();
  await using product = new Product(plane, { stock: {} }, { webhook: true });
  const run = (...words: readonly string[]) =>
    plane.runKubectl(["tgp", "doctor", ...words], {
      env: { PATH: `${dist}:${Deno.env.get("PATH")}`, DENO: Deno.execPath() },
    });
  const look = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await run("-o", "json", ...words);
    const items: readonly Item[] = stdout === "" ? assert.fail(stderr) : JSON.parse(stdout).items;
    return { code, items: new Map(items.map((item) => [item.check, item])) };
  };
  const failing = ({ items }: { readonly items: ReadonlyMap<string, Item> }) =>
    [...items.values()].filter(({ state }) => state === "fail").map(({ check }) => check);

  await t.step("before the installation", async () => {
    const found = await look();
    assert.equal(found.code, 3);
    assert.match(found.items.get("crds")?.message ?? "", /does not know TGP's kinds/);
    assert.equal(found.items.get("webhook")?.state, "warn");
  });

  await product.install();

  await t.step("without a controller", async () => {
    const found = await look();
    assert.deepEqual(failing(found), ["webhook-answer", "controller"]);
    assert.match(found.items.get("webhook-answer")?.message ?? "", /failed calling webhook/);
    assert.equal(found.items.get("rbac")?.state, "ok");
    assert.equal(found.items.get("controller")?.message, "none has ever worked here");
  });

  await product.startController();
  await product.awaitReady();
  await product.declare();
  await product.kubectl("wait", "--for=condition=Ready", "gnc/lambda", "--timeout=60s");

  await t.step("with everything, but for what this control plane is not", async () => {
    const found = await look();
    assert.deepEqual(failing(found), ["join-config", "endpoint"]);
    assert.match(found.items.get("endpoint")?.message ?? "", /means the machine itself/);
    const good = ["api-server", "crds", "webhook", "webhook-answer", "rbac", "controller", "clock"];
    for (const check of [...good, "approver", "ca", "kubelet-version", "keys", "catalog"]) {
      assert.equal(found.items.get(check)?.state, "ok", found.items.get(check)?.message ?? check);
    }
  });

  await t.step("the controller has seen the same, and said it where a user looks", async () => {
    const events = await waitFor("an Event", async () => {
      const found = await product.list<{ reason: string; message: string }>(
        ...["events", "--field-selector=involvedObject.kind=GPUNodeClass"] as const,
      );
      const notes = found.filter(({ reason }) => reason.startsWith("Preflight"));
      return notes.length > 0 ? notes : undefined;
    }, 60_000);
    assert.equal(events[0]?.reason, "PreflightFailed");
    assert.match(events[0]?.message ?? "", /join-config: .*; endpoint: .*kubectl tgp doctor$/);
  });

  await t.step("what kubeadm would have made is found, and machines may read it", async () => {
    await product.apply(...kubeadmParts);
    const found = await look();
    assert.deepEqual(failing(found), ["endpoint"]);
    assert.equal(found.items.get("join-config")?.message, "machines find what kubeadm join reads");
    assert.equal(found.items.get("bootstrap-tokens")?.state, "ok");
  });

  await t.step(
    "a binding that voids the approver is named, and its remedy works as it is",
    async () => {
      await product.kubectl(
        ...["create", "clusterrolebinding", "auto-approve", "--group=system:bootstrappers"],
        "--clusterrole=system:certificates.k8s.io:certificatesigningrequests:nodeclient",
      );
      const item = (await look()).items.get("approver");
      assert.equal(item?.state, "fail");
      assert.match(
        item?.message ?? "",
        /ClusterRoleBinding "auto-approve" gives system:bootstrappers/,
      );
      const [command = ""] = item?.remedy ?? [];
      await product.kubectl(...command.split(" ").slice(1));
      assert.equal((await look()).items.get("approver")?.state, "ok");
    },
  );

  await t.step("a permission that the controller lacks is named", async () => {
    await product.kubectl(
      ...["patch", "role", "tgp-controller-tokens", "-n", "kube-system", "--type=json"],
      '-p=[{"op":"remove","path":"/rules/0"}]',
    );
    const item = (await look()).items.get("rbac");
    assert.equal(
      item?.message,
      "the controller may not create secrets in kube-system, delete secrets in kube-system",
    );
    await product.kubectl("apply", "-k", product.installation);
    assert.equal((await look()).items.get("rbac")?.state, "ok");
  });

  await t.step(
    "whoever sees little is told what looking needs, and nothing fails for it",
    async () => {
      await product.kubectl(
        "create",
        "clusterrolebinding",
        "jane",
        "--clusterrole=tgp-viewer",
        "--user=jane",
      );
      const found = await look("--as=jane");
      assert.deepEqual(failing(found), ["endpoint"]);
      for (
        const check of ["webhook", "webhook-answer", "rbac", "controller", "approver", "gpu-plugin"]
      ) {
        const item = found.items.get(check);
        assert.equal(item?.state, "unknown", check);
        assert.match(item?.remedy.join("\n") ?? "", /^Looking needs: /, check);
      }
    },
  );

  await t.step("a controller that is gone is missed within a minute", async () => {
    await product.stopController();
    const item = await waitFor("the leader to be missed", async () => {
      const found = (await look()).items.get("controller");
      return found?.state === "fail" ? found : undefined;
    }, 60_000);
    assert.match(item.message, /was last heard of \d+s ago, and none has taken over/);
  });

  await t.step("it takes a moment, and fits the terminal", async () => {
    const started = performance.now();
    const { stdout } = await run();
    // Sixty questions to the API server, at a process' start: half a second, and a busy machine's share.
    assert.ok(performance.now() - started < 5_000);
    assert.match(stdout, /^CHECK +RESULT +DETAIL\n/);
  });
});
