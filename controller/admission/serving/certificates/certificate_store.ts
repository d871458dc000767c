/**
 * Reading and writing the Secret with the certificates. Of several replicas that write at once one
 * wins; the others learn that they lost, and read.
 *
 * @module
 */

import { isAlreadyExists, isConflict, isNotFound, type Kube } from "../../../../kube/kube.ts";
import { type ObjectRef, secrets } from "../../../../kube/resource.ts";
import type { Secret } from "../../../../schemas/kubernetes.ts";
import { parseStored, type Stored } from "./stored_certificates.ts";

/** What was read, and what a write must find unchanged. */
export interface ReadSecret {
  readonly stored: Stored;
  /** Absent when there is no Secret. */
  readonly secret: Secret | undefined;
}

const type = "Opaque";

/** See the module. */
export class CertificateStore {
  readonly #kube: Kube;
  readonly #ref: ObjectRef;
  /** What was made of the Secret's last version: it stays the same for months. */
  #last: { readonly version: string | undefined; readonly stored: Stored } | undefined;

  constructor(kube: Kube, ref: ObjectRef) {
    this.#kube = kube;
    this.#ref = ref;
  }

  /** Reads from the API server itself, never from a cache. */
  async read(signal: AbortSignal): Promise<ReadSecret> {
    try {
      const secret = await this.#kube.get(secrets, this.#ref, { signal });
      return { stored: this.#parse(secret), secret };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return { stored: { kind: "unusable", problem: "there is no Secret yet" }, secret: undefined };
    }
  }

  #parse({ data, metadata: { resourceVersion: version } }: Secret): Stored {
    if (this.#last === undefined || version === undefined || this.#last.version !== version) {
      this.#last = { version, stored: parseStored(data) };
    }
    return this.#last.stored;
  }

  /**
   * Writes, if the Secret is still as it was read.
   *
   * @returns Whether it was written; if not, read again.
   */
  async write(
    { secret }: ReadSecret,
    data: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      if (secret && !isWritable(secret)) {
        await this.#remove(secret, signal);
        return false;
      }
      const object = toSecret(this.#ref, secret, data);
      await (secret
        ? this.#kube.replace(secrets, object, { signal })
        : this.#kube.create(secrets, object, { signal }));
      return true;
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || isGone(error, secret)) return false;
      throw error;
    }
  }

  /** A Secret whose type or immutability stands in the way makes room for one of ours. */
  async #remove({ metadata: { uid, resourceVersion } }: Secret, signal: AbortSignal) {
    await this.#kube.delete(secrets, this.#ref, {
      preconditions: { uid, resourceVersion },
      signal,
    });
  }
}

function isWritable(secret: Secret): boolean {
  return (secret.type ?? type) === type && !("immutable" in secret && secret.immutable === true);
}

/** A Secret that was read and is no more: somebody deleted it in between. */
function isGone(error: unknown, secret: Secret | undefined): boolean {
  return secret !== undefined && isNotFound(error);
}

function toSecret(
  { name, namespace }: ObjectRef,
  previous: Secret | undefined,
  data: Readonly<Record<string, string>>,
): Secret {
  const labels = {
    ...previous?.metadata.labels,
    "app.kubernetes.io/name": "tgp",
    "app.kubernetes.io/component": "webhook",
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: previous ? { ...previous.metadata, labels } : { name, namespace, labels },
    type,
    data,
  };
}
