/**
 * What the controller itself trusts, to pass on to machines whose class names no CA.
 *
 * @module
 */

import type { Connection } from "../kube/connection.ts";
import { loadPem } from "../kube/load_pem.ts";
import type { KubeSystem } from "../kube/system.ts";

/** PEM certificates in base64; `undefined` when the connection relies on the platform's roots. */
export async function readCaBundle(
  { trust }: Pick<Connection, "trust">,
  system: Pick<KubeSystem, "readTextFile">,
): Promise<string | undefined> {
  if (!trust.certificateAuthority) return undefined;
  const pem = await loadPem(system, trust.certificateAuthority);
  return new TextEncoder().encode(pem).toBase64();
}
