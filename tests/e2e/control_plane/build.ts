/**
 * Builds control plane programs from the committed Go modules.
 *
 * **Guarantees**: a program in the cache is always whole (it is built elsewhere in the cache and renamed
 * into place); of several processes that want the same programs one builds and the others wait; whatever
 * a killed build left behind is removed by the next.
 *
 * @module
 */

import { isExecutable, type ProgramName } from "./programs.ts";
import { modulesUrl, readVersions } from "./versions.ts";

/** Where and with what to build. */
export interface BuildOptions {
  /** The folder that receives the programs; its parent holds the lock and the unfinished builds. */
  readonly cacheDir: string;
  /** The Go command. */
  readonly go: string;
  /** Receives a line when something slow begins. */
  readonly report: (line: string) => void;
}

/**
 * Builds the programs that `cacheDir` still lacks once it is this process's turn.
 *
 * @throws {Error} There is no Go, or the build failed.
 */
export async function buildPrograms(
  names: readonly ProgramName[],
  options: BuildOptions,
): Promise<void> {
  await assertGo(names, options);
  await Deno.mkdir(options.cacheDir, { recursive: true });
  // A lock on an open file ends with its process, so a killed builder never blocks the next one.
  using lock = await Deno.open(`${options.cacheDir}.lock`, { write: true, create: true });
  if (!await lock.tryLock(true)) {
    options.report("Waiting for another build of the control plane…");
    await lock.lock(true);
  }
  const missing: ProgramName[] = [];
  for (const name of names) {
    if (!await isExecutable(`${options.cacheDir}/${name}`)) missing.push(name);
  }
  if (missing.length > 0) await buildLocked(missing, options);
}

async function buildLocked(missing: readonly ProgramName[], options: BuildOptions): Promise<void> {
  const workDir = `${options.cacheDir}.building`;
  await removeIfThere(workDir);
  await Deno.mkdir(workDir);
  try {
    for (const name of missing) {
      options.report(`Building ${name} into ${options.cacheDir} (minutes, once)…`);
      await goBuild(name, `${workDir}/${name}`, options.go);
      await Deno.rename(`${workDir}/${name}`, `${options.cacheDir}/${name}`);
    }
  } finally {
    await removeIfThere(workDir);
  }
}

async function goBuild(name: ProgramName, output: string, go: string): Promise<void> {
  const { kubernetes } = await readVersions();
  const [major, minor] = kubernetes.split(".");
  const version = "k8s.io/component-base/version";
  const isEtcd = name === "etcd";
  // Without the version flags the API server calls itself v0.0.0 and clients refuse to talk to it.
  const linkerFlags = isEtcd ? "-s -w" : [
    "-s -w",
    `-X ${version}.gitVersion=v${kubernetes}`,
    `-X ${version}.gitMajor=${major}`,
    `-X ${version}.gitMinor=${minor}`,
  ].join(" ");
  const target = isEtcd ? "go.etcd.io/etcd/server/v3" : `k8s.io/kubernetes/cmd/${name}`;
  const { success } = await new Deno.Command(go, {
    args: ["build", "-trimpath", "-ldflags", linkerFlags, "-o", output, target],
    cwd: new URL(isEtcd ? "etcd/" : "kubernetes/", modulesUrl),
    env: { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) {
    throw new Error(`Cannot build "${name}": "go build ${target}" failed, its words are above`);
  }
}

async function assertGo(names: readonly ProgramName[], options: BuildOptions): Promise<void> {
  try {
    const { success } = await new Deno.Command(options.go, {
      args: ["version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    if (success) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const programs = names.join(", ");
  throw new Error(
    `Cannot find ${programs}, and cannot build: there is no working Go command "${options.go}". ` +
      "Install Go 1.26 or later (they are then built once, in about six minutes), " +
      "or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver, " +
      `kube-controller-manager, kube-scheduler and kubectl, or put them into ${options.cacheDir}`,
  );
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
