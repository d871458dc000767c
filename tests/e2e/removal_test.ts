import assert from "node:assert/strict";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";
import type { CommandResult } from "./control_plane/kubectl.ts";
import { delay, waitFor } from "./control_plane/wait.ts";
import { awaitRemovalRules } from "./removal_rules.ts";

const manifests = new URL("../../manifests/", import.meta.url).pathname;

/** What the controller holds an object by until its machine is gone. */
const finalizer = "tgp.io/termination";

const definitions = ["gpunodeclasses", "gpunodepools", "gpunodeclaims"]
  .map((plural) => `crd/${plural}.tgp.io`);

/** Removal must never wait for something that cannot come any more. */
const patienceMs = 60_000;

function objectOf(kind: string, name: string, spec: unknown) {
  return {
    apiVersion: "tgp.io/v1",
    kind,
    metadata: { name, finalizers: kind === "GPUNodePool" ? [] : [finalizer] },
    spec,
  };
}

const nodeClass = objectOf("GPUNodeClass", "clouds", {
  providers: [{ name: "runpod", credentialsRef: { name: "keys", key: "runpod" } }],
});
const pool = objectOf("GPUNodePool", "gpu", { nodeClassRef: { name: "clouds" } });
const claim = objectOf("GPUNodeClaim", "tgp-abc123-gpu-x7k2q9", {
  nodeClassRef: { name: "clouds" },
});

Deno.test("removal neither hangs nor leaves a machine that nobody ends", async (t) => {
  await using plane = await startControlPlane({ components: ["kube-controller-manager"] });
  const kubectl = async (...args: string[]) => {
    const { code, stdout, stderr } = await plane.kubectl(...args);
    assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const install = async () => {
    await kubectl("apply", "-k", manifests);
    await kubectl("wait", "--for=condition=Established", ...definitions);
  };

  await t.step("an installation goes at once while there is nothing of ours", async () => {
    await install();
    await remove(plane);
    await assertNothingLeft(plane);
  });

  await t.step("with a live claim the API server refuses, and says what to do", async () => {
    await install();
    await createUnjudged(plane, pool, claim);
    await awaitRemovalRules(plane);
    const { code, stderr } = await plane.kubectl("delete", "-k", manifests);
    assert.equal(code, 1);
    const says =
      "GPUNodeClaim tgp-abc123-gpu-x7k2q9 still exists, and its machine may cost money: " +
      "run `kubectl tgp teardown` first";
    for (const kept of ["namespaces", "gpunodeclaims.tgp.io", "clusterroles", "deployments.apps"]) {
      const line = stderr.split("\n").find((line) => line.includes(kept));
      assert.ok(line?.endsWith(says), stderr);
    }
  });

  await t.step("what the controller needs to end the machine is untouched", async () => {
    await kubectl("get", ...definitions);
    await kubectl("get", "clusterrole/tgp-controller", "clusterrolebinding/tgp-controller");
    const inNamespace = ["role", "rolebinding", "serviceaccount", "deployment"];
    await kubectl(
      "get",
      "-n",
      "tgp-system",
      ...inNamespace.map((kind) => `${kind}/tgp-controller`),
    );
    await kubectl("get", "-n", "kube-system", "role/tgp-controller-tokens");
    const namespace = await kubectl("get", "ns", "tgp-system", "-o", "jsonpath={.status.phase}");
    assert.equal(namespace, "Active");
  });

  await t.step("after it, applying again brings back what did go, and refuses again", async () => {
    await kubectl("apply", "-k", manifests);
    await awaitRemovalRules(plane);
  });

  await t.step("objects end while nobody answers the webhook", async () => {
    await kubectl("delete", "gnclaim", "--all", "--wait=false");
    // What the controller does last.
    await kubectl("patch", "gnclaim", claim.metadata.name, "--type=merge", `-p=${noFinalizers}`);
    await kubectl("wait", "--for=delete", `gnclaim/${claim.metadata.name}`, "--timeout=10s");
  });

  await t.step("a class alone is held, too: without the controller it could not go", async () => {
    await waitFor("the claim's rule to rest", async () => {
      const { code } = await plane.kubectl("delete", "ns", "tgp-system", "--dry-run=server");
      return code === 0 ? true : undefined;
    });
    await createUnjudged(plane, nodeClass);
    await awaitRemovalRules(plane);
    const { stderr } = await plane.kubectl("delete", "ns", "tgp-system", "--dry-run=server");
    assert.match(stderr, /GPUNodeClass clouds still exists, and its machines may cost money/);
  });

  await t.step("pools, classes and everything else go when the machines are gone", async () => {
    await kubectl("delete", "gnp,gnc", "--all", "--wait=false");
    await kubectl("patch", "gnc", nodeClass.metadata.name, "--type=merge", `-p=${noFinalizers}`);
    await waitFor("the class's rule to rest", async () => {
      const { code } = await plane.kubectl("delete", "ns", "tgp-system", "--dry-run=server");
      return code === 0 ? true : undefined;
    });
    await remove(plane);
    await assertNothingLeft(plane);
  });
});

const noFinalizers = JSON.stringify({ metadata: { finalizers: null } });

/** `kubectl delete -k` as documented, in time. */
async function remove(plane: ControlPlane): Promise<void> {
  const giveUp = new AbortController();
  const removed = plane.runKubectl(["delete", "-k", manifests, "--ignore-not-found"], {
    signal: giveUp.signal,
  });
  const late = delay(patienceMs, giveUp.signal).then(() => "late" as const, () => "ended" as const);
  const result = await Promise.race([removed, late]);
  giveUp.abort();
  await late;
  assert.ok(typeof result === "object", "kubectl delete -k hangs");
  assert.deepEqual([result.code, result.stderr], [0, ""]);
}

/** Creates objects where no webhook judges: it is asked for its answer by nobody here. */
async function createUnjudged(plane: ControlPlane, ...objects: readonly unknown[]): Promise<void> {
  const configuration = "validatingwebhookconfiguration/tgp-webhook";
  assertDone(await plane.kubectl("delete", configuration));
  await waitFor("the webhook to be gone", async () => {
    const { code, stderr } = await apply(plane, objects);
    if (code === 0) return true;
    assert.match(stderr, /failed calling webhook/);
  });
  assertDone(await plane.kubectl("apply", "-k", `${manifests}webhook`));
}

function apply(plane: ControlPlane, items: readonly unknown[]): Promise<CommandResult> {
  return plane.runKubectl(["apply", "-f", "-"], {
    stdin: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  });
}

function assertDone({ code, stderr }: CommandResult): void {
  assert.equal(code, 0, stderr);
}

/** Nothing with our label anywhere, and no namespace. */
async function assertNothingLeft(plane: ControlPlane): Promise<void> {
  const kinds = [
    ...["namespaces", "crd", "clusterroles", "clusterrolebindings", "roles", "rolebindings"],
    ...["deployments", "services", "poddisruptionbudgets", "resourcequotas"],
    ...["validatingwebhookconfigurations", "validatingadmissionpolicies"],
    "validatingadmissionpolicybindings",
  ];
  const { stdout, stderr } = await plane.kubectl(
    ...["get", kinds.join(","), "-A", "-l", "app.kubernetes.io/name=tgp", "-o", "name"],
  );
  assert.deepEqual([stdout, stderr], ["", ""]);
}
