/**
 * Finding and reading kubeconfig files.
 *
 * @module
 */

import { delimiter, join, resolve } from "node:path";
import { KubeconfigError, toMessage } from "./errors.ts";
import { emptyKubeconfig, type Kubeconfig, parseKubeconfig } from "./kubeconfig.ts";
import { mergeKubeconfigs } from "./merge_kubeconfigs.ts";
import type { KubeSystem } from "./system.ts";

/** Which files to read. */
export interface KubeconfigFiles {
  readonly paths: readonly string[];
  /** Whether a file that does not exist is skipped. */
  readonly skipMissing: boolean;
}

/**
 * Reads the kubeconfig: the file given by the user, else the files of `KUBECONFIG`, else
 * `~/.kube/config`.
 *
 * @param explicitPath The value of `--kubeconfig`.
 * @returns An empty kubeconfig when no file exists and none was named.
 * @throws {KubeconfigError} If a file is malformed, cannot be read, or is the only one named and does
 * not exist.
 */
export async function loadKubeconfig(
  system: Pick<KubeSystem, "env" | "readTextFile">,
  explicitPath?: string,
): Promise<Kubeconfig> {
  const { paths, skipMissing } = selectKubeconfigFiles(system, explicitPath);
  const configs = await Promise.all(paths.map((path) => readOne(system, path, skipMissing)));
  return mergeKubeconfigs(configs);
}

/** Which files {@linkcode loadKubeconfig} reads, in order of precedence. */
export function selectKubeconfigFiles(
  system: Pick<KubeSystem, "env">,
  explicitPath?: string,
): KubeconfigFiles {
  if (explicitPath) return { paths: [resolve(explicitPath)], skipMissing: false };
  const listed = (system.env("KUBECONFIG") ?? "").split(delimiter).filter((path) => path !== "");
  if (listed.length > 0) {
    const paths = [...new Set(listed.map((path) => resolve(path)))];
    return { paths, skipMissing: paths.length > 1 };
  }
  const home = system.env("HOME") ?? system.env("USERPROFILE");
  return { paths: home ? [join(home, ".kube", "config")] : [], skipMissing: true };
}

async function readOne(
  system: Pick<KubeSystem, "readTextFile">,
  path: string,
  skipMissing: boolean,
): Promise<Kubeconfig> {
  let text: string;
  try {
    text = await system.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new KubeconfigError(`Cannot read kubeconfig "${path}": ${toMessage(error)}`);
    }
    if (skipMissing) return emptyKubeconfig;
    throw new KubeconfigError(
      `Cannot read kubeconfig "${path}": the file does not exist: ` +
        "check --kubeconfig and the environment variable KUBECONFIG",
    );
  }
  return parseKubeconfig(text, path);
}
