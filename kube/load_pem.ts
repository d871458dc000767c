/**
 * Reading what a configuration keeps in files.
 *
 * @module
 */

import { KubeCredentialError, toMessage } from "./errors.ts";
import type { PemSource } from "./kubeconfig.ts";
import type { KubeSystem } from "./system.ts";

/**
 * The PEM text of a source.
 *
 * @throws {KubeCredentialError} If its file cannot be read.
 */
export function loadPem(
  system: Pick<KubeSystem, "readTextFile">,
  source: PemSource,
): Promise<string> {
  return "pem" in source ? Promise.resolve(source.pem) : readCredentialFile(system, source.file);
}

/** @throws {KubeCredentialError} If the file cannot be read; the message names it. */
export async function readCredentialFile(
  system: Pick<KubeSystem, "readTextFile">,
  path: string,
): Promise<string> {
  try {
    return await system.readTextFile(path);
  } catch (error) {
    throw new KubeCredentialError(`Cannot read the credential "${path}": ${toMessage(error)}`);
  }
}
