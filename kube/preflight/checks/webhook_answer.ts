/**
 * Whether the webhook refuses what has to be refused.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { apiVersion } from "../../../schemas/labels.ts";
import { type Kube, KubeError } from "../../kube.ts";
import { classFacts } from "../class_facts.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";
import { findWebhooks } from "./webhook.ts";

/** Right in shape, and impossible: only the webhook can know. */
const impossibleClass: KubernetesObject & { readonly spec: unknown } = {
  apiVersion,
  kind: "GPUNodeClass",
  metadata: { name: "tgp-doctor-for-show" },
  spec: {
    providers: [{
      name: "unsupported",
      provider: "unsupported",
      credentialsRef: { name: "none", key: "none" },
    }],
  },
};

/** See the module. Creates nothing: the API server is asked for show (`dryRun`). */
export const webhookAnswerCheck: PreflightCheck = {
  names: ["webhook-answer"],
  reads: () => [{ verb: "create", group: "tgp.io", resource: "gpunodeclasses" }],
  async run({ kube }, signal) {
    // Where there is none, that has been said already.
    if (!await mayBeConfigured(kube, signal)) return [];
    try {
      await kube.create(classFacts, impossibleClass, { dryRun: true, signal });
      return [judgeAnswer(undefined)];
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.code === 403 && /cannot create resource/.test(error.message)) throw error;
      return [judgeAnswer(error)];
    }
  },
};

async function mayBeConfigured(kube: Kube, signal: AbortSignal): Promise<boolean> {
  try {
    return await findWebhooks(kube, signal) !== undefined;
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return true;
    throw error;
  }
}

/** Judges what came of creating, for show, what nobody supports. @param error `undefined` if it was accepted. */
export function judgeAnswer(error: KubeError | undefined): Finding {
  const { ok, fail, unknown } = findingsOf("webhook-answer");
  if (error === undefined) {
    return fail(
      "a class of an unsupported provider was accepted: nobody judges configuration",
      command("kubectl apply -k manifests/"),
    );
  }
  // Others may judge classes, too, and deny this one for reasons of their own.
  if (/denied the request: [^]*unsupported provider/.test(error.message)) {
    return ok("refuses what has to be refused");
  }
  if (/failed calling webhook/.test(error.message)) {
    const why = error.message.replace(/^Internal error occurred: /, "");
    return fail(
      `cannot be reached, so that nothing can be created or changed: ${why}`,
      "Look at the controller, and at the network from the API server to it:",
      command("kubectl -n tgp-system get pods,endpointslices"),
    );
  }
  return unknown(`the API server refused a class before it was asked: ${error.message}`);
}
