import assert from "node:assert/strict";
import { decideAcceptance } from "../../controller/bootstrap/node_acceptance.ts";
import { decideInitialized } from "../../controller/bootstrap/node_initialization.ts";
import { revokeToken } from "../../controller/bootstrap/token_issue.ts";
import type { KubeClient } from "../../kube/client.ts";
import { isNotFound, KubeError } from "../../kube/kube.ts";
import { certificateSigningRequests, leases, nodes, pods, secrets } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { Node, Pod } from "../../schemas/kubernetes.ts";
import { parseResources } from "../../schemas/quantity.ts";
import { createTlsConnect } from "../../sim/kubelet/connect_tls.ts";
import type { Connect } from "../../sim/kubelet/connect.ts";
import type { KubeletFaults } from "../../sim/kubelet/faults.ts";
import { createKubelet, type Kubelet } from "../../sim/kubelet/kubelet.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import {
  applyManifests,
  connectAsAdmin,
  connectAsController,
  createLaunchedClaim,
  issueToken,
  namespace,
  runApprover,
} from "./kubelet_fixture.ts";

const name = "tgp-abc123-h100-x7k2q9";
const otherName = "tgp-abc123-h100-other1";
const gpu = "nvidia.com/gpu";

const instance = {
  state: "running",
  rawState: "active",
  addresses: ["203.0.113.9", "10.19.0.9"],
  providerID: "lambda://us-east-1/0920582c7ff041399e34823a0be62549",
} as const;

const podManifest = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "train",
    namespace: "default",
    annotations: { "sim.tgp.io/run-seconds": "1" },
  },
  spec: {
    tolerations: [{ key: gpu, operator: "Exists" }],
    restartPolicy: "Never",
    containers: [{
      name: "main",
      image: "example.invalid/train",
      resources: { limits: { [gpu]: "8" } },
    }],
  },
} as Pod;

/** A connection that lets the test see as whom the machine came. */
function spyOn(connect: Connect, opened: Opened[]): Connect {
  return (endpoint, credential) => {
    const reopen = () => connect(endpoint, credential);
    const client = reopen();
    opened.push({ kind: credential.kind, client, reopen });
    return client;
  };
}

/** One connection of a machine. */
interface Opened {
  readonly kind: string;
  readonly client: KubeClient;
  /** Opens another like it, for the test to close. */
  readonly reopen: () => KubeClient;
}

function isUnauthorized(error: unknown): true {
  assert.ok(error instanceof KubeError && error.code === 401, String(error));
  return true;
}

Deno.test("machines join a real control plane by their user data, and by nothing else", async (t) => {
  await using plane = await startControlPlane();
  await applyManifests(plane);
  await using cleanup = new AsyncDisposableStack();
  const admin = await connectAsAdmin(plane);
  const controller = await connectAsController(plane);
  cleanup.defer(() => (admin.close(), controller.close()));

  const stop = new AbortController();
  const running: Promise<void>[] = [];
  cleanup.defer(async () => {
    stop.abort(new Error("the test is over"));
    await Promise.all(running);
  });
  const notes: string[] = [];
  running.push(runApprover(controller, notes, stop.signal));
  const opened: Opened[] = [];
  const power = (userData: string, faults: KubeletFaults, signal: AbortSignal): Kubelet => {
    const kubelet = createKubelet(
      {
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        connect: spyOn(createTlsConnect({ random: systemRandom }), opened),
        timings: {
          bootMs: 100,
          certificatePollMs: 200,
          joinRetryMs: 200,
          joinAttempts: 2,
          networkMs: 500,
          devicePluginMs: 500,
          podStartMs: 200,
          podStopMs: 200,
        },
      },
      {
        id: "0920582c7ff041399e34823a0be62549",
        userData,
        privateAddress: "10.19.0.9",
        publicAddress: "203.0.113.9",
        gpuCount: 8,
        cpuCount: 208,
        memoryGiB: 1800,
        storageGiB: 22528,
        arch: "amd64",
      },
      faults,
    );
    running.push(kubelet.run(AbortSignal.any([signal, stop.signal])));
    return kubelet;
  };

  let claim = await createLaunchedClaim(admin, name);
  const token = await issueToken(plane, controller, claim);
  const machinePower = new AbortController();

  await t.step("a wrong token gets nowhere", async () => {
    const kubelet = power(token.userData, { token: "nzxy37.aaaaaaaaaaaaaaaa" }, stop.signal);
    await waitFor("the machine to give up", () => kubelet.phase === "failed" || undefined);
    assert.equal((await admin.list(certificateSigningRequests)).items.length, 0);
  });

  await t.step("a token that asks for another claim's name is denied", async () => {
    await createLaunchedClaim(admin, otherName);
    const kubelet = power(token.userData, { nodeName: otherName }, stop.signal);
    await waitFor("the machine to give up", () => kubelet.phase === "failed" || undefined);
    const { items } = await admin.list(certificateSigningRequests);
    assert.deepEqual(items.map(({ status }) => status?.conditions?.[0]?.type), [
      "Denied",
      "Denied",
    ]);
    assert.match(notes[0] ?? "", /^CSRRejected: .*not issued to the claim/);
    assert.equal((await admin.list(nodes)).items.length, 0);
  });

  await t.step("the claim's machine gets one certificate and registers its node", async () => {
    const kubelet = power(token.userData, {}, machinePower.signal);
    const node = await waitFor("the node", () => findNode(admin));
    assert.equal(node.metadata.labels?.["topology.kubernetes.io/region"], "lambda-us-east-1");
    claim = await admin.get(nodeClaims, { name });
    assert.equal(claim.status?.approvedCSRs, 1);
    assert.deepEqual(
      decideAcceptance({ claim, node, instance, apiServerVersion: "v1.36.0" }),
      { kind: "accepted" },
    );
    await waitFor("GPUs", async () => (await findNode(admin))?.status?.allocatable?.[gpu]);
    assert.equal(kubelet.phase, "ready");
    const lease = await admin.get(leases, { namespace: "kube-node-lease", name });
    assert.equal(lease.spec?.holderIdentity, name);
  });

  await t.step("the machine cannot take its own taint away", async () => {
    const own = opened.findLast(({ kind }) => kind === "certificate")?.client;
    assert.ok(own);
    const taken = own.patch(nodes, { name }, { spec: { taints: [] } });
    await assert.rejects(taken, (error) => error instanceof KubeError && error.code === 403);
    await assert.rejects(
      own.list(secrets),
      (error) => error instanceof KubeError && error.code === 403,
    );
  });

  await t.step("the accepted node is initialized when Kubernetes' own taint is gone", async () => {
    const expected = parseResources({ [gpu]: "8" });
    const before = await findNode(admin);
    assert.ok(before);
    assert.equal(decideInitialized({ claim, node: before, expected }).kind, "waiting");
    const taints = before.spec?.taints?.filter(({ key }) => key !== "tgp.io/unregistered");
    const spec = { providerID: instance.providerID, taints };
    await admin.patch(nodes, { name }, { spec });
    await waitFor("initialization", async () => {
      const node = await findNode(admin);
      return node && decideInitialized({ claim, node, expected }).kind === "initialized" ||
        undefined;
    });
  });

  await t.step("the real scheduler's pods run, end, and are deleted for good", async () => {
    await waitFor(
      "the service account",
      async () => (await plane.kubectl("get", "serviceaccount", "default")).code === 0 || undefined,
    );
    await admin.create(pods, podManifest);
    const pod = await waitFor("the pod to end", async () => {
      const found = await findPod(admin);
      return found?.status?.phase === "Succeeded" ? found : undefined;
    });
    assert.equal(pod.spec.nodeName, name);
    assert.ok(pod.status?.podIP);
    await admin.delete(pods, { namespace: "default", name: "train" });
    await waitFor("the pod to go", async () => await findPod(admin) === undefined || undefined);

    const { annotations: _, ...metadata } = podManifest.metadata;
    await admin.create(pods, { ...podManifest, metadata });
    await waitFor(
      "the pod to run",
      async () => (await findPod(admin))?.status?.phase === "Running" || undefined,
    );
    await admin.delete(pods, { namespace: "default", name: "train" });
    await waitFor("the pod to go", async () => await findPod(admin) === undefined || undefined);
  });

  await t.step(
    "a revoked token is refused at once, forgotten soon, and nothing of it is left",
    async () => {
      await revokeToken(controller, claim, { namespace });
      const left = await admin.list(secrets, { labelSelector: `tgp.io/claim=${name}` });
      assert.deepEqual(left.items.map(({ metadata }) => metadata.name), []);
      const kubelet = power(token.userData, {}, stop.signal);
      await waitFor("the machine to give up", () => kubelet.phase === "failed" || undefined);
      assert.equal((await admin.get(nodeClaims, { name })).status?.approvedCSRs, 1);
      // The API server remembers good tokens for ten seconds.
      const bearer = opened.findLast(({ kind }) => kind === "token");
      assert.ok(bearer);
      const again = bearer.reopen();
      try {
        await waitFor(
          "the API server to forget the token",
          () => again.getRaw("/version").then(() => undefined, isUnauthorized),
        );
      } finally {
        again.close();
      }
    },
  );

  await t.step("a machine without power is found out by its lease", async () => {
    machinePower.abort(new Error("the cloud ended it"));
    const ready = await waitFor("the node to be lost", async () => {
      const node = await findNode(admin);
      const found = node?.status?.conditions?.find(({ type }) => type === "Ready");
      return found?.status === "True" ? undefined : found;
    }, 60_000);
    assert.equal(ready.status, "Unknown");
  });
});

async function findNode(admin: KubeClient): Promise<Node | undefined> {
  return await orNothing(admin.get(nodes, { name }));
}

async function findPod(admin: KubeClient): Promise<Pod | undefined> {
  return await orNothing(admin.get(pods, { namespace: "default", name: "train" }));
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
