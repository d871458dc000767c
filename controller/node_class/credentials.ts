/**
 * Reads the vendor's API key that an entry of a class refers to.
 *
 * @module
 */

import { type Kube, KubeError } from "../../kube/kube.ts";
import { type ObjectRef, secrets, toKey } from "../../kube/resource.ts";
import { reasons } from "../../schemas/conditions.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import type { Problem } from "../accounts/account.ts";

/** Where keys may be. */
export interface CredentialScope {
  /** The controller's own namespace; the default of a reference without one. */
  readonly namespace: string;
  /** Other namespaces that the operator allowed. */
  readonly allowedNamespaces: readonly string[];
}

/** The key, or why there is none. */
export type Credential =
  | { readonly kind: "found"; readonly apiKey: string }
  | { readonly kind: "missing"; readonly problem: Problem };

/** The Secret that an entry refers to; `undefined` where the controller may not look. */
export function toSecretRef(
  { credentialsRef: { name, namespace } }: ProviderEntry,
  scope: CredentialScope,
): ObjectRef | undefined {
  const ref = { name, namespace: namespace ?? scope.namespace };
  const allowed = ref.namespace === scope.namespace ||
    scope.allowedNamespaces.includes(ref.namespace);
  return allowed ? ref : undefined;
}

/** Reads Secrets, each once. @throws What `Kube.get` does. */
export type SecretReader = (ref: ObjectRef) => Promise<Secret>;

/** Creates a reader for one pass: several entries often have their keys in one Secret. */
export function createSecretReader(kube: Kube, signal: AbortSignal): SecretReader {
  const answers = new Map<string, Promise<Secret>>();
  return (ref) => {
    const answer = answers.get(toKey(ref)) ?? kube.get(secrets, ref, { signal });
    answers.set(toKey(ref), answer);
    return answer;
  };
}

/** Reads one key. @throws When the API server could not be asked, or could not answer. */
export async function readCredential(
  readSecret: SecretReader,
  entry: ProviderEntry,
  scope: CredentialScope,
): Promise<Credential> {
  const { name, key, namespace } = entry.credentialsRef;
  const ref = toSecretRef(entry, scope);
  if (!ref) {
    return missing(
      reasons.secretNamespaceNotAllowed,
      `credential secret ${namespace}/${name} is in a namespace that the controller's operator did not allow; ` +
        `put it into ${scope.namespace}, or start the controller with --credential-namespaces=${namespace}`,
    );
  }
  const path = toKey(ref);
  let data: Readonly<Record<string, string>> | undefined;
  try {
    data = (await readSecret(ref)).data;
  } catch (error) {
    // A server that cannot answer says nothing about the Secret.
    if (!(error instanceof KubeError) || error.code >= 500 || error.code === 429) throw error;
    return missing(
      reasons.secretNotFound,
      `failed to get credential secret ${path}: ${error.message}`,
    );
  }
  const encoded = data?.[key];
  if (encoded === undefined) {
    return missing(reasons.secretKeyNotFound, `credential key ${key} not found in secret ${path}`);
  }
  const apiKey = new TextDecoder().decode(Uint8Array.fromBase64(encoded)).trim();
  if (apiKey === "") {
    return missing(reasons.secretKeyNotFound, `credential key ${key} is empty in secret ${path}`);
  }
  return { kind: "found", apiKey };
}

function missing(reason: string, message: string): Credential {
  return { kind: "missing", problem: { reason, message } };
}
