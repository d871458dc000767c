/**
 * Finds the programs of a control plane, and builds those that are nowhere.
 *
 * Order of look-up, for each program on its own:
 *
 * 1. the folder `KUBEBUILDER_ASSETS`, where it is set;
 * 2. for `kubectl` only: `PATH`;
 * 3. the cache, `${XDG_CACHE_HOME:-$HOME/.cache}/tgp/control-plane/<versions>/`;
 * 4. `go build` from the committed modules, into the cache.
 *
 * @module
 */

import { buildPrograms } from "./build.ts";
import { isExecutable, type ProgramName, type Programs } from "./programs.ts";
import { readVersions, toCacheKey } from "./versions.ts";

/** What {@linkcode locatePrograms} needs from its surroundings. */
export interface LocateOptions {
  /** Environment variables. @default {Deno.env.get} */
  readonly env?: (name: string) => string | undefined;
  /** The Go command. @default {"go"} */
  readonly go?: string;
  /** Where progress lines go. @default {standard error} */
  readonly report?: (line: string) => void;
}

/**
 * Finds every program, building the missing ones.
 *
 * @throws {Error} Something is missing and cannot be built; the message says how to get it.
 */
export async function locatePrograms(options: LocateOptions = {}): Promise<Programs> {
  const env = options.env ?? ((name: string) => Deno.env.get(name));
  const cacheDir = await findCacheDir(env);
  const missing: ProgramName[] = [];
  const locate = async (name: ProgramName) => {
    for (const folder of listFolders(name, env)) {
      if (await isExecutable(`${folder}/${name}`)) return `${folder}/${name}`;
    }
    const cached = `${cacheDir}/${name}`;
    if (!await isExecutable(cached)) missing.push(name);
    return cached;
  };
  const programs: Programs = {
    etcd: await locate("etcd"),
    "kube-apiserver": await locate("kube-apiserver"),
    "kube-controller-manager": await locate("kube-controller-manager"),
    "kube-scheduler": await locate("kube-scheduler"),
    kubectl: await locate("kubectl"),
  };
  if (missing.length > 0) {
    await buildPrograms(missing, {
      cacheDir,
      go: options.go ?? "go",
      report: options.report ?? reportToStderr,
    });
  }
  return programs;
}

function listFolders(name: ProgramName, env: (name: string) => string | undefined): string[] {
  const assets = env("KUBEBUILDER_ASSETS");
  const path = name === "kubectl" ? env("PATH") : undefined;
  return [assets ?? "", ...(path ?? "").split(":")].filter((folder) => folder !== "");
}

async function findCacheDir(env: (name: string) => string | undefined): Promise<string> {
  const home = env("HOME");
  const cache = env("XDG_CACHE_HOME") || (home ? `${home}/.cache` : "");
  if (cache === "") {
    throw new Error(
      "Cannot place the control plane cache: neither XDG_CACHE_HOME nor HOME is set, set one of them",
    );
  }
  return `${cache}/tgp/control-plane/${toCacheKey(await readVersions())}`;
}

function reportToStderr(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}
