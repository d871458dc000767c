/**
 * Whether the API server answers, and which it is.
 *
 * @module
 */

import { Fields } from "../../fields.ts";
import type { Kube } from "../../kube.ts";
import { type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";

/** First version whose ValidatingAdmissionPolicies (`manifests/removal`) are stable (Kubernetes 1.30, April 2024). */
const oldestMinor = 30;

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
  const { ok, warn } = findingsOf("api-server");
  const minor = Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? NaN);
  return minor < oldestMinor
    ? warn(
      `${version} is older than 1.${oldestMinor}`,
      `Removal is not guarded below 1.${oldestMinor}: upgrade, or leave manifests/removal out.`,
    )
    : ok(version);
}

/** `gitVersion` of the API server, such as `v1.36.0`. */
export async function readServerVersion(kube: Kube, signal: AbortSignal): Promise<string> {
  return new Fields(await kube.getRaw("/version", signal)).requiredString("gitVersion");
}
