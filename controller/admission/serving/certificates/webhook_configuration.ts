/**
 * The `caBundle` of our ValidatingWebhookConfiguration: whom the API servers trust when they call us.
 *
 * @module
 */

import { type ResourceType, toApiVersion } from "../../../../kube/resource.ts";
import type { KubernetesObject } from "../../../../schemas/kubernetes.ts";
import { type Certificate, readCertificates } from "./certificate.ts";
import { isOurs } from "./stored_certificates.ts";

/** A ValidatingWebhookConfiguration, as far as it is read. */
export interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks?:
    | readonly {
      readonly name: string;
      /** `caBundle` is PEM in base64. */
      readonly clientConfig: { readonly caBundle?: string | undefined };
    }[]
    | undefined;
}

/** admissionregistration.k8s.io/v1 ValidatingWebhookConfigurations. */
export const webhookConfigurations: ResourceType<WebhookConfiguration> = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingWebhookConfiguration",
  plural: "validatingwebhookconfigurations",
  namespaced: false,
  // The API server validates built-in objects; their shape is its promise.
  parse: (raw) => raw as WebhookConfiguration,
};

/** The certificates that every webhook of the configuration trusts. */
export function readTrusted({ webhooks = [] }: WebhookConfiguration): readonly Certificate[] {
  const [first = [], ...others] = webhooks.map(({ clientConfig }) => readBundle(clientConfig));
  return first.filter((certificate) => others.every((bundle) => includes(bundle, certificate)));
}

/**
 * What to apply so that every webhook trusts these authorities, and those of ours that any of them
 * trusts already, until they expire: some replica may be serving a leaf of theirs, whatever has become
 * of the Secret. `undefined` when that is so.
 *
 * Names no other field, so that everything else stays its owner's; holds the version that was read, so
 * that nobody's later bundle is overwritten.
 *
 * @param now Epoch milliseconds.
 */
export function toBundle(
  configuration: WebhookConfiguration,
  authorities: readonly Certificate[],
  now: number,
): WebhookConfiguration | undefined {
  const { metadata: { name, resourceVersion }, webhooks = [] } = configuration;
  const present = webhooks.map(({ clientConfig }) => readBundle(clientConfig));
  const wanted = new Map<string, Certificate>();
  for (const certificate of [...authorities, ...present.flat().filter(isOurs)]) {
    if (now < certificate.notAfterMs) wanted.set(certificate.fingerprint, certificate);
  }
  const bundle = [...wanted.values()];
  if (present.every((one) => isSameSet(one, bundle))) return undefined;
  const pem = bundle.map((authority) => authority.pem).join("");
  const caBundle = new TextEncoder().encode(pem).toBase64();
  return {
    apiVersion: toApiVersion(webhookConfigurations),
    kind: webhookConfigurations.kind,
    metadata: { name, resourceVersion },
    webhooks: webhooks.map((webhook) => ({ name: webhook.name, clientConfig: { caBundle } })),
  };
}

function isSameSet(left: readonly Certificate[], right: readonly Certificate[]): boolean {
  return left.length === right.length && left.every((certificate) => includes(right, certificate));
}

function includes(bundle: readonly Certificate[], { fingerprint }: Certificate): boolean {
  return bundle.some((one) => one.fingerprint === fingerprint);
}

function readBundle(
  { caBundle }: { readonly caBundle?: string | undefined },
): readonly Certificate[] {
  try {
    return readCertificates(new TextDecoder().decode(Uint8Array.fromBase64(caBundle ?? "")));
  } catch {
    // The API server takes only base64, but not only from us.
    return [];
  }
}
