/**
 * Claims and certificate requests as the tests of this folder need them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync } from "node:crypto";
import type { Condition } from "../../../schemas/conditions.ts";
import type { CertificateSigningRequest } from "../../../schemas/kubernetes.ts";
import { bootstrapGroup } from "../../../schemas/labels.ts";
import type { GPUNodeClaim, NodeClaimStatus } from "../../../schemas/node_claim.ts";
import { nodeClaimSchema } from "../../../schemas/node_claim.ts";

export const claimName = "tgp-abc123-h100-x7k2q9";
export const intentTime = "2026-01-01T00:10:00Z";

/** A condition that holds, or does not. */
export function condition(type: string, status: Condition["status"] = "True"): Condition {
  return { type, status, reason: type, message: "", lastTransitionTime: intentTime };
}

/** A claim whose machine was launched. */
export function makeClaim(
  status: Partial<NodeClaimStatus> = {},
  metadata: Partial<GPUNodeClaim["metadata"]> = {},
  spec: Record<string, unknown> = {},
): GPUNodeClaim {
  const claim = nodeClaimSchema.parse({
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClaim",
    metadata: {
      name: claimName,
      uid: "4f6a1d5e-0000-4000-8000-000000000001",
      creationTimestamp: "2026-01-01T00:09:00Z",
      ...metadata,
    },
    spec: { nodeClassRef: { name: "lambda" }, ...spec },
    status: {
      launch: {
        offer: {
          id: "of-00000001",
          provider: "lambda",
          account: "lambda",
          instanceType: "gpu_1x_h100_pcie",
          region: "us-east-1",
          capacityType: "on-demand",
          gpuCount: 1,
          pricePerHour: "2.49",
          billingIncrement: "1m",
          capacity: { "nvidia.com/gpu": "1" },
          labels: {},
        },
        machineName: claimName,
        intentTime,
        sendBefore: "2026-01-01T00:11:00Z",
        outcome: "Launched",
      },
      conditions: [condition("Launched")],
    },
  });
  return { ...claim, status: { ...claim.status, ...status } };
}

/** A key pair; RSA only where RSA is the point, it is slow. */
export function makeKey(type: "ec" | "rsa" = "ec"): string {
  const { privateKey } = type === "ec"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A certificate request made by OpenSSL, as `spec.request` holds it: base64 of PEM. */
export async function makeRequest(
  subject: string,
  extra: readonly string[] = [],
  keyType: "ec" | "rsa" = "ec",
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/key`, makeKey(keyType));
    const { code, stdout, stderr } = await new Deno.Command("openssl", {
      args: ["req", "-new", "-sha256", "-key", `${folder}/key`, "-subj", subject, ...extra],
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return Buffer.from(stdout).toString("base64");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A CertificateSigningRequest as a kubelet of ours makes it. */
export function makeCsr(
  request: string,
  spec: Partial<CertificateSigningRequest["spec"]> = {},
  status?: CertificateSigningRequest["status"],
): CertificateSigningRequest {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "node-csr-1" },
    spec: {
      request,
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
      username: "system:bootstrap:nzxy37",
      groups: ["system:bootstrappers", bootstrapGroup, "system:authenticated"],
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}
