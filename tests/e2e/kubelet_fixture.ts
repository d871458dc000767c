/**
 * What the joining of machines needs on a real control plane: manifests, a claim, and the controller's
 * approver with the permissions it has in production.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Approver, createApprover } from "../../controller/bootstrap/approver.ts";
import { isOurOpenRequest } from "../../controller/bootstrap/csr.ts";
import { ensureToken, type IssuedToken } from "../../controller/bootstrap/token_issue.ts";
import { renderUserData } from "../../controller/bootstrap/user_data.ts";
import type { KubeClient } from "../../kube/client.ts";
import { createKubeClient } from "../../kube/client.ts";
import { createInformer } from "../../kube/informer.ts";
import { certificateSigningRequests } from "../../kube/resource.ts";
import { nodeClaims } from "../../kube/tgp_resources.ts";
import { createTransport } from "../../kube/create_transport.ts";
import { loadConnection } from "../../kube/load_connection.ts";
import { denoSystem } from "../../kube/system.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { createTlsConnect } from "../../sim/kubelet/connect_tls.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { ControlPlane } from "./control_plane/control_plane.ts";

export const namespace = "tgp-system";
/** Where the manifests lie that an operator applies. */
const manifests = new URL("../../manifests/", import.meta.url);

/** Applies what an operator applies for a controller outside the cluster. */
export async function applyManifests(plane: ControlPlane): Promise<void> {
  const outside = new URL("overlays/controller-outside", manifests).pathname;
  const applied = await plane.kubectl("apply", "-k", outside);
  assert.equal(applied.code, 0, applied.stderr);
  const name = "crd/gpunodeclaims.tgp.io";
  const waited = await plane.kubectl("wait", "--for=condition=Established", name, "--timeout=20s");
  assert.equal(waited.code, 0, waited.stderr);
}

/** A client with the controller's own service account, and so its own permissions. */
export async function connectAsController(plane: ControlPlane): Promise<KubeClient> {
  const created = await plane.kubectl("create", "token", "tgp-controller", "-n", namespace);
  assert.equal(created.code, 0, created.stderr);
  return createTlsConnect({ random: systemRandom })(
    { host: new URL(plane.serverUrl).host, caPem: plane.caPem },
    { kind: "token", token: created.stdout.trim() },
  );
}

/** A client that may do everything. */
export async function connectAsAdmin(plane: ControlPlane): Promise<KubeClient> {
  const kubeconfig = plane.kubeconfigPath;
  const connection = await loadConnection(denoSystem, { kubeconfig });
  const deps = { system: denoSystem, clock: systemClock, log: silentLog };
  return createKubeClient({
    transport: createTransport(deps, connection),
    clock: systemClock,
    random: systemRandom,
  });
}

/** A claim of a name whose machine was launched, as the lifecycle leaves it. */
export async function createLaunchedClaim(admin: KubeClient, name: string): Promise<GPUNodeClaim> {
  const common = { apiVersion: "tgp.io/v1", kind: "GPUNodeClaim" };
  await admin.create(nodeClaims, {
    ...common,
    metadata: { name },
    spec: { nodeClassRef: { name: "lambda" } },
  } as GPUNodeClaim);
  const now = new Date().toISOString();
  return await admin.patch(nodeClaims, { name }, {
    status: {
      launch: {
        offer: {
          id: "of-00000001",
          provider: "lambda",
          account: "lambda",
          instanceType: "gpu_8x_h100_sxm5",
          region: "us-east-1",
          capacityType: "on-demand",
          gpuCount: 8,
          pricePerHour: "31.92",
          billingIncrement: "1m",
          capacity: { "nvidia.com/gpu": "8" },
          labels: {},
        },
        machineName: name,
        intentTime: now,
        sendBefore: now,
        outcome: "Launched",
      },
      conditions: [{
        type: "Launched",
        status: "True",
        reason: "Launched",
        message: "",
        lastTransitionTime: now,
      }],
    },
  }, { subresource: "status" });
}

/** Issues the claim's token in user data that points at this control plane. */
export function issueToken(
  plane: ControlPlane,
  kube: KubeClient,
  claim: GPUNodeClaim,
): Promise<IssuedToken> {
  return ensureToken(kube, claim, {
    namespace,
    expiresAt: Date.now() + 600_000,
    render: (token) =>
      renderUserData({
        nodeName: claim.metadata.name,
        token,
        kubeadm: {
          apiServerEndpoint: new URL(plane.serverUrl).host,
          caBundle: Buffer.from(plane.caPem).toString("base64"),
          kubernetesVersion: "1.36.0",
        },
        labels: { "tgp.io/node-pool": "h100", "topology.kubernetes.io/region": "lambda-us-east-1" },
        taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
        format: "cloud-config",
        maxBytes: 1_000_000,
      }),
  });
}

/** Runs the approver over all requests until `signal` aborts. */
export async function runApprover(
  kube: KubeClient,
  notes: string[],
  signal: AbortSignal,
): Promise<void> {
  const deps = { kube, clock: systemClock, log: silentLog, metrics: silentMetrics };
  const approver: Approver = createApprover({
    ...deps,
    namespace,
    recorder: { record: ({ reason, message }) => void notes.push(`${reason}: ${message}`) },
  });
  const informer = createInformer({ ...deps, random: systemRandom }, certificateSigningRequests);
  informer.onChange(async ({ object }) => {
    if (object !== undefined && isOurOpenRequest(object)) {
      await approver.reconcile(object.metadata.name, signal);
    }
  });
  await informer.run(signal);
}
