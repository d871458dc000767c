/**
 * How claims' machines are told to join this cluster.
 *
 * @module
 */

import type { Kube } from "../kube/kube.ts";
import { ensureToken, revokeToken } from "./bootstrap/token_issue.ts";
import { renderUserData, UserDataError } from "./bootstrap/user_data.ts";
import type { ClaimBootstrap } from "./node_claim/deps.ts";

/** What user data needs besides the class. */
export interface ClusterAccess {
  /** The controller's own namespace. */
  readonly namespace: string;
  /** What the controller itself trusts: PEM certificates in base64; for classes that name no CA. */
  readonly caBundle: string | undefined;
}

/** Creates the port that the claim lifecycle uses. */
export function createClaimBootstrap(kube: Kube, access: ClusterAccess): ClaimBootstrap {
  const { namespace } = access;
  return {
    async prepare(claim, nodeClass, options, signal) {
      const kubeadm = nodeClass.spec.bootstrap?.kubeadm;
      if (!kubeadm) throw new UserDataError("spec.bootstrap.kubeadm", "of the class is missing");
      const caBundle = kubeadm.caBundle ?? access.caBundle;
      if (caBundle === undefined) {
        throw new UserDataError(
          "spec.bootstrap.kubeadm.caBundle",
          "of the class is missing, and the controller trusts no CA of its own to pass on",
        );
      }
      const issued = await ensureToken(kube, claim, {
        namespace,
        expiresAt: options.expiresAt,
        signal,
        render: (token) =>
          renderUserData({
            nodeName: claim.metadata.name,
            token,
            kubeadm: { ...kubeadm, caBundle },
            labels: options.labels,
            taints: [...claim.spec.taints ?? [], ...claim.spec.startupTaints ?? []],
            format: options.format,
            maxBytes: options.maxBytes,
          }),
      });
      return { userData: issued.userData };
    },
    revoke: (claim, signal) => revokeToken(kube, claim, { namespace, signal }),
  };
}
