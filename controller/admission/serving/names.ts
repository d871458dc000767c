/**
 * What the webhook's objects are called; `manifests/webhook/` says the same.
 *
 * @module
 */

/** Name of the Service through which API servers reach the webhook. */
export const serviceName = "tgp-webhook";

/** Name of the ValidatingWebhookConfiguration. */
export const configurationName = "tgp-webhook";

/** Name of the Secret with the webhook's certificates, in the controller's namespace. */
export const certificatesName = "tgp-webhook-certificates";

/** The names by which API servers call the Service; the first is the one that they verify. */
export function serviceHosts(namespace: string): readonly string[] {
  return [`${serviceName}.${namespace}.svc`, `${serviceName}.${namespace}.svc.cluster.local`];
}
