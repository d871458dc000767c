/**
 * Which versions of Kubernetes and etcd the tests run on: read from the committed Go modules, so that
 * there is one place to raise them.
 *
 * @module
 */

/** The folder that holds the Go modules of the control plane. */
export const modulesUrl: URL = new URL("./", import.meta.url);

/** Versions without the leading `v`. */
export interface ControlPlaneVersions {
  readonly kubernetes: string;
  readonly etcd: string;
}

/**
 * Reads the pinned versions.
 *
 * @throws {Error} A `go.mod` does not name the module that is built from it.
 */
export async function readVersions(): Promise<ControlPlaneVersions> {
  const [kubernetes, etcd] = await Promise.all([
    readRequired("kubernetes/go.mod", "k8s.io/kubernetes"),
    readRequired("etcd/go.mod", "go.etcd.io/etcd/server/v3"),
  ]);
  return { kubernetes, etcd };
}

/** The name of the cache folder for binaries of these versions. */
export function toCacheKey(versions: ControlPlaneVersions): string {
  return `kubernetes-${versions.kubernetes}-etcd-${versions.etcd}`;
}

async function readRequired(file: string, module: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(file, modulesUrl));
  for (const line of text.split("\n")) {
    const [name, version] = line.trim().split(/\s+/);
    if (name === module && version?.startsWith("v")) return version.slice(1);
  }
  throw new Error(`Cannot read the control plane version: "${file}" does not require "${module}"`);
}
