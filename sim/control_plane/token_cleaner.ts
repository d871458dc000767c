/**
 * The end of bootstrap tokens: Secrets past their expiration are deleted.
 *
 * Follows k8s.io/kubernetes `pkg/controller/bootstrap/tokencleaner.go`, v1.36.0.
 *
 * @module
 */

import { bootstrapTokenType } from "../api_server/auth/bootstrap_token.ts";
import { fromBase64 } from "../api_server/base64.ts";
import { secrets } from "../../kube/resource.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import { type Controller, type ControlRequest, earlier } from "./controller.ts";

/** See the module. */
export const tokenCleaner: Controller = {
  name: "kube-controller-manager",
  watches: ["secrets"],
  decide: (view, nowMs) => {
    const requests: ControlRequest[] = [];
    let againAtMs: number | undefined;
    for (const secret of view.list("secrets").map(secrets.parse)) {
      const { namespace, name, uid } = secret.metadata;
      if (namespace !== "kube-system" || secret.type !== bootstrapTokenType) continue;
      const expiresMs = expirationMs(secret);
      if (expiresMs === undefined) continue;
      if (expiresMs > nowMs) againAtMs = earlier(againAtMs, expiresMs);
      else {
        requests.push({
          method: "DELETE",
          path: `/api/v1/namespaces/kube-system/secrets/${name}`,
          body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid } },
        });
      }
    }
    return { requests, againAtMs };
  },
};

/** When a token ends; a time that cannot be read counts as past, as for the authenticator. */
function expirationMs({ data }: Secret): number | undefined {
  const encoded = data?.expiration;
  if (!encoded) return undefined;
  const timeMs = Date.parse(fromBase64(encoded));
  return Number.isNaN(timeMs) ? 0 : timeMs;
}
