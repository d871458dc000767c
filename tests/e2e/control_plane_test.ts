import assert from "node:assert/strict";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { locatePrograms } from "./control_plane/locate.ts";
import { isFree } from "./control_plane/ports.ts";
import { findProcesses } from "./control_plane/processes.ts";
import { waitFor } from "./control_plane/wait.ts";

const bootstrapToken = { id: "abcdef", secret: "0123456789abcdef" };

const fixtures = `
apiVersion: v1
kind: Pod
metadata: { name: needs-gpu, namespace: default }
spec:
  containers:
    - name: main
      image: example.invalid/main
      resources: { limits: { nvidia.com/gpu: "1" } }
---
apiVersion: v1
kind: Secret
metadata: { name: bootstrap-token-${bootstrapToken.id}, namespace: kube-system }
type: bootstrap.kubernetes.io/token
stringData:
  token-id: ${bootstrapToken.id}
  token-secret: "${bootstrapToken.secret}"
  usage-bootstrap-authentication: "true"
  usage-bootstrap-signing: "true"
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cluster-info, namespace: kube-public }
data: { kubeconfig: "{}" }
`;

/** A Node as a kubelet registers it: not ready yet, else the controller manager takes the taint off. */
function toNode(name: string): string {
  const conditions = [{ type: "Ready", status: "False", reason: "KubeletNotReady" }];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { conditions },
  });
}

Deno.test("startControlPlane() gives a cluster that behaves like one", async (t) => {
  await using plane = await startControlPlane({
    tokenUsers: [{ name: "bob", groups: ["dev", "ops"] }],
  });

  await t.step("the API server is ready and asks who calls", async () => {
    using admin = Deno.createHttpClient({
      caCerts: [plane.caPem],
      cert: await Deno.readTextFile(plane.adminCertPath),
      key: await Deno.readTextFile(plane.adminKeyPath),
    });
    const ready = await fetch(`${plane.serverUrl}/readyz`, { client: admin });
    assert.equal(await ready.text(), "ok");
    using anybody = Deno.createHttpClient({ caCerts: [plane.caPem] });
    const pods = await fetch(`${plane.serverUrl}/api/v1/pods`, { client: anybody });
    await pods.body?.cancel();
    assert.equal(pods.status, 403);
  });

  await t.step("kubectl applies, and the scheduler says what no node can serve", async () => {
    const applied = await plane.runKubectl(["apply", "-f", "-"], { stdin: fixtures });
    assert.equal(applied.code, 0, applied.stderr);
    const message = await waitFor("the Pod's condition", async () => {
      const path = '{.status.conditions[?(@.reason=="Unschedulable")].message}';
      const { stdout } = await plane.kubectl("get", "pod", "needs-gpu", "-o", `jsonpath=${path}`);
      return stdout === "" ? undefined : stdout;
    });
    assert.match(message, /no nodes available/);
  });

  await t.step("a failing kubectl is a code and a message", async () => {
    const result = await plane.kubectl("get", "pod", "absent");
    assert.equal(result.code, 1);
    assert.match(result.stderr, /pods "absent" not found/);
  });

  await t.step("users come by token and by certificate", async () => {
    const { kubeconfigPath } = plane.tokenOf("bob");
    const bob = await plane.runKubectl(["auth", "whoami"], { kubeconfigPath });
    assert.match(bob.stdout, /Username\s+bob\n/);
    assert.match(bob.stdout, /Groups\s+\[dev ops system:authenticated\]/);
    const eve = await plane.runKubectl(["auth", "whoami"], {
      kubeconfigPath: await plane.createUser({ name: "eve", groups: ["a/b"] }),
    });
    assert.match(eve.stdout, /Username\s+eve\n/);
    assert.match(eve.stdout, /Groups\s+\[a\/b system:authenticated\]/);
  });

  await t.step("bootstrap tokens authenticate, and sign the cluster's information", async () => {
    const { id, secret } = bootstrapToken;
    using client = Deno.createHttpClient({ caCerts: [plane.caPem] });
    const url = `${plane.serverUrl}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
    const response = await fetch(url, {
      client,
      method: "POST",
      headers: { authorization: `Bearer ${id}.${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }),
    });
    assert.match(await response.text(), /"username":"system:bootstrap:abcdef"/);
    await waitFor("the signature", async () => {
      const path = `jsonpath={.data.jws-kubeconfig-${id}}`;
      const { stdout } = await plane.kubectl(
        ...["get", "configmap", "cluster-info", "-n", "kube-public", "-o", path],
      );
      return stdout === "" ? undefined : stdout;
    });
  });

  await t.step("a kubelet may register its own Node only", async () => {
    const kubeconfigPath = await plane.createUser({
      name: "system:node:mine",
      groups: ["system:nodes"],
    });
    const create = (name: string) =>
      plane.runKubectl(["create", "-f", "-"], { kubeconfigPath, stdin: toNode(name) });
    const other = await create("other");
    assert.match(other.stderr, /node "mine" is not allowed to modify node "other"/);
    const mine = await create("mine");
    assert.equal(mine.code, 0, mine.stderr);
    const taints = await plane.kubectl("get", "node", "mine", "-o", "jsonpath={.spec.taints}");
    assert.match(taints.stdout, /node.kubernetes.io\/not-ready/);
  });

  await t.step("a crashed API server comes back with its data", async () => {
    const before = plane.pids.get("kube-apiserver");
    await plane.restart("kube-apiserver", "SIGKILL");
    assert.notEqual(plane.pids.get("kube-apiserver"), before);
    const { code, stderr } = await plane.kubectl("get", "pod", "needs-gpu");
    assert.equal(code, 0, stderr);
  });
});

Deno.test("startControlPlane() can leave out controller manager and scheduler", async () => {
  await using plane = await startControlPlane({ components: [] });
  assert.deepEqual([...plane.pids.keys()], ["etcd", "kube-apiserver"]);
  const applied = await plane.runKubectl(["apply", "-f", "-"], { stdin: fixtures });
  assert.equal(applied.code, 0, applied.stderr);
  const created = await plane.runKubectl(["create", "-f", "-"], { stdin: toNode("plain") });
  assert.equal(created.code, 0, created.stderr);
  const taints = await plane.kubectl("get", "node", "plain", "-o", "jsonpath={.spec.taints}");
  assert.equal(taints.stdout, "");
});

Deno.test("disposing a control plane leaves no process, port or folder", async () => {
  const parentDir = await Deno.makeTempDir();
  const plane = await startControlPlane({ parentDir });
  assert.equal((await findProcesses(plane.dir)).length, 5, "four components and the reaper");
  await plane[Symbol.asyncDispose]();
  assert.deepEqual(await findProcesses(parentDir), []);
  assert.ok(isFree(Number(new URL(plane.serverUrl).port)));
  // Fails unless the folder is empty.
  await Deno.remove(parentDir);
  await plane[Symbol.asyncDispose]();
});

Deno.test("startControlPlane() leaves nothing when it fails half-way", async (t) => {
  const programs = await locatePrograms();
  const cases = [
    { program: "/bin/false", failing: "etcd", message: /Cannot start etcd: it ended with code 1/ },
    { program: "/bin/false", failing: "kube-apiserver", message: /Cannot start kube-apiserver/ },
    { program: "/bin/false", failing: "kube-scheduler", message: /Cannot start kube-scheduler/ },
    {
      program: "/nowhere",
      failing: "kube-apiserver",
      message: /\/nowhere: (No such file|not found)/,
    },
  ] as const;
  for (const { program, failing, message } of cases) {
    await t.step(`${failing} is ${program}`, async () => {
      const parentDir = await Deno.makeTempDir();
      const broken = { ...programs, [failing]: program };
      await assert.rejects(startControlPlane({ programs: broken, parentDir }), message);
      assert.deepEqual(await findProcesses(parentDir), []);
      await Deno.remove(parentDir);
    });
  }
});

Deno.test("a killed test run leaves nothing", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("control_plane/run_until_killed.ts", import.meta.url).pathname],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const dir = value.trim();
  assert.equal((await findProcesses(dir)).length, 3, "etcd, API server and the reaper");
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  await waitFor("the processes to end", async () => {
    return (await findProcesses(dir)).length === 0 ? true : undefined;
  });
  await assert.rejects(Deno.stat(dir), Deno.errors.NotFound);
});
