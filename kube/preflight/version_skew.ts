/**
 * Which kubelets an API server supports (Kubernetes version skew policy, v1.36): not newer, and at
 * most three minor versions older.
 *
 * @module
 */

const maxMinorsBehind = 3;
const pattern = /^v?(\d{1,3})\.(\d{1,4})(?:[.+-]|$)/;

/**
 * What is wrong with a kubelet's version, if anything.
 *
 * @param kubeletVersion Such as `v1.36.1`, as the Node reports it.
 * @param apiServerVersion Such as `v1.36.0`, as `/version` reports it.
 */
export function findVersionSkew(
  kubeletVersion: string,
  apiServerVersion: string,
): string | undefined {
  const kubelet = readMinor(kubeletVersion);
  const server = readMinor(apiServerVersion);
  const shown = JSON.stringify(kubeletVersion.slice(0, 32));
  if (kubelet === undefined) return `Kubelet reports the version ${shown}, which is none`;
  if (server === undefined) return undefined;
  if (kubelet <= server && server - kubelet <= maxMinorsBehind) return undefined;
  const relation = kubelet > server ? "newer" : `more than ${maxMinorsBehind} minor versions older`;
  return `Kubelet ${shown} is ${relation} than the API server's ${apiServerVersion}: ` +
    "set bootstrap.kubeadm.kubernetesVersion of the node class to the cluster's version";
}

/** Minor version as one number that also orders major versions. */
function readMinor(version: string): number | undefined {
  const match = pattern.exec(version);
  return match ? Number(match[1]) * 10_000 + Number(match[2]) : undefined;
}
