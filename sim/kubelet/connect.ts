/**
 * How a kubelet reaches its API server.
 *
 * @module
 */

import type { KubeClient } from "../../kube/client.ts";
import type { ClientCertificate } from "../../kube/transport.ts";

/** Where the API server is, and who vouches for it: both from the user data. */
export interface ApiEndpoint {
  /** `host:port`. */
  readonly host: string;
  /** PEM certificates of the cluster's CA. */
  readonly caPem: string;
}

/** Who the kubelet claims to be. */
export type KubeletCredential =
  | { readonly kind: "token"; readonly token: string }
  | ({ readonly kind: "certificate" } & ClientCertificate);

/**
 * Opens a client; nothing is sent until its first request. What cannot be reached or trusted shows as
 * failed requests, as it does on a real machine.
 */
export type Connect = (endpoint: ApiEndpoint, credential: KubeletCredential) => KubeClient;
