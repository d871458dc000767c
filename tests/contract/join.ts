/**
 * How a machine becomes a Node, step by step, for cases about kubelets.
 *
 * @module
 */

import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import { fromBase64, toBase64 } from "../../sim/api_server/base64.ts";
import { toTimestamp } from "../../sim/api_server/api_object.ts";
import { createKubeletRequest } from "../../sim/kubelet/certificate_request.ts";
import type { ContractClient, ContractCluster } from "./cluster.ts";
import { eventually, send, textAt } from "./steps.ts";

/** Where certificate requests live. */
export const csrPath = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** The signer of kubelets' client certificates. */
export const kubeletSigner = "kubernetes.io/kube-apiserver-client-kubelet";

/** A bootstrap token. */
export interface BootstrapToken {
  readonly token: string;
  readonly secretPath: string;
}

/**
 * Makes a bootstrap token whose bearer may ask for certificates.
 *
 * @param lifetimeMs From now; negative for one that is past.
 */
export async function makeBootstrapToken(
  cluster: ContractCluster,
  { lifetimeMs = 3_600_000, allowed = true } = {},
): Promise<BootstrapToken> {
  const word = cluster.unique("").replaceAll(/[^a-z0-9]/g, "").padStart(22, "0").slice(-22);
  const id = word.slice(-6);
  const secret = word.slice(0, 16);
  const group = `system:bootstrappers:contract:${id}`;
  if (allowed) {
    const apiGroup = "rbac.authorization.k8s.io";
    await send(cluster, "POST", `/apis/${apiGroup}/v1/clusterrolebindings`, {
      body: {
        metadata: { name: `contract-${id}` },
        roleRef: { apiGroup, kind: "ClusterRole", name: "system:node-bootstrapper" },
        subjects: [{ apiGroup, kind: "Group", name: group }],
      },
    });
  }
  const path = "/api/v1/namespaces/kube-system/secrets";
  await send(cluster, "POST", path, {
    body: {
      metadata: { name: `bootstrap-token-${id}` },
      type: "bootstrap.kubernetes.io/token",
      stringData: {
        "token-id": id,
        "token-secret": secret,
        expiration: toTimestamp(cluster.now() + lifetimeMs),
        "usage-bootstrap-authentication": "true",
        "auth-extra-groups": group,
      },
    },
  });
  return { token: `${id}.${secret}`, secretPath: `${path}/bootstrap-token-${id}` };
}

/** A request for a kubelet's certificate. */
export function csrBody(name: string, requestPem: string): Json {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name },
    spec: {
      request: toBase64(requestPem),
      signerName: kubeletSigner,
      usages: ["digital signature", "client auth"],
    },
  };
}

/** Approves or denies a request. */
export async function decide(
  cluster: ContractCluster,
  name: string,
  type: "Approved" | "Denied",
): Promise<Json> {
  const csr = asObject(await send(cluster, "GET", `${csrPath}/${name}`));
  const conditions = asArray(getIn(csr, "status", "conditions"));
  const decision = { type, status: "True", reason: "Tested", message: "by the contract" };
  return await send(cluster, "PUT", `${csrPath}/${name}/approval`, {
    body: { ...csr, status: { ...asObject(csr.status), conditions: [...conditions, decision] } },
  });
}

/** Asks for a kubelet's certificate as a new machine does. @returns The request's name, and the key. */
export async function askForCertificate(
  cluster: ContractCluster,
  nodeName: string,
): Promise<{ readonly name: string; readonly keyPem: string }> {
  const { token } = await makeBootstrapToken(cluster);
  const machine = cluster.withToken(token);
  const { requestPem, keyPem } = createKubeletRequest(nodeName);
  const name = cluster.unique("csr");
  // The real server learns of new tokens and bindings from its caches, a moment later.
  await eventually(cluster, "the token may ask", async () => {
    const answer = await machine.request("POST", csrPath, { body: csrBody(name, requestPem) });
    return answer.status === 201 ? true : undefined;
  });
  return { name, keyPem };
}

/** Goes all the way: token, request, approval, certificate. @returns Its bearer. */
export async function joinAs(cluster: ContractCluster, nodeName: string): Promise<ContractClient> {
  const { name, keyPem } = await askForCertificate(cluster, nodeName);
  await decide(cluster, name, "Approved");
  const certificate = await eventually(
    cluster,
    "the certificate",
    async () =>
      textAt(await send(cluster, "GET", `${csrPath}/${name}`), "status", "certificate") ||
      undefined,
  );
  return cluster.withCertificate(fromBase64(certificate), keyPem);
}
