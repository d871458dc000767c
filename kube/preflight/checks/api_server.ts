/**
 * Whether the API server answers, and which it is.
 *
 * @module
 */

import { Fields } from "../../fields.ts";
import type { Kube } from "../../kube.ts";
import { type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";

/** Machines install kubeadm 1.31 or later (`user_data.ts`), and a kubelet must not be newer than its API server. */
const oldestMinor = 31;

/** See the module. */
export const apiServerCheck: PreflightCheck = {
  names: ["api-server"],
  reads: () => [],
  async run({ kube }, signal) {
    return [judgeServerVersion(await readServerVersion(kube, signal))];
  },
};

/** Judges a `gitVersion`. */
export function judgeServerVersion(version: string): Finding {
  const { ok, fail } = findingsOf("api-server");
  const minor = Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? NaN);
  return minor < oldestMinor
    ? fail(
      `${version} is older than 1.${oldestMinor}: machines cannot join`,
      `Upgrade the control plane to 1.${oldestMinor} or later.`,
    )
    : ok(version);
}

/** `gitVersion` of the API server, such as `v1.36.0`. */
export async function readServerVersion(kube: Kube, signal: AbortSignal): Promise<string> {
  return new Fields(await kube.getRaw("/version", signal)).requiredString("gitVersion");
}
