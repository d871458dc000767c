/**
 * `deno task build`: makes `dist/kubectl-tgp`, which kubectl finds on `PATH`, and its completion.
 *
 * The plugin is a folder of bundled files and a shell script that runs it with whatever Deno there is. A single
 * binary (`deno task compile`) needs a download that not every build machine can make.
 *
 * @module
 */

/** The Deno that the shim fetches through npm where there is none. */
const denoVersion = Deno.version.deno;

/**
 * The bundle's folder beside the shim; kubectl takes every name that starts with `kubectl-` for a plugin.
 * It holds many small files: Deno reads all of a file before it runs any of it, and `--help` needs a
 * fiftieth of the whole.
 */
const bundleName = "tgp-plugin";

/** POSIX sh without a single fork before `exec`: every one would cost a millisecond at each start. */
const shim = `#!/bin/sh
# kubectl finds this file on PATH as "kubectl tgp". It runs ${bundleName}/main.js, which lies beside it.
self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
while [ -h "$self" ]; do
  link=$(readlink -- "$self")
  case $link in /*) self=$link ;; *) self=\${self%/*}/$link ;; esac
done
set -- run --quiet --no-config --no-lock --no-prompt --no-remote --no-npm \\
  --allow-env --allow-net --allow-read --allow-run \\
  "\${self%/*}/${bundleName}/main.js" "$@"
if [ -n "\${DENO:-}" ]; then exec "$DENO" "$@"; fi
if command -v deno >/dev/null 2>&1; then exec deno "$@"; fi
if command -v npx >/dev/null 2>&1; then exec npx -y deno@${denoVersion} "$@"; fi
echo "error: kubectl-tgp needs Deno 2.6 or later: install it, or set DENO to its path" >&2
exit 1
`;

const completion = `#!/bin/sh
# kubectl calls this file to complete "kubectl tgp"; it has to be on PATH.
self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
while [ -h "$self" ]; do
  link=$(readlink -- "$self")
  case $link in /*) self=$link ;; *) self=\${self%/*}/$link ;; esac
done
exec "\${self%/*}/kubectl-tgp" __complete "$@"
`;

/**
 * Builds into a folder.
 *
 * @throws {Error} If bundling fails; the message holds what the bundler said.
 */
export async function build(folder: string): Promise<void> {
  const bundle = `${folder}/${bundleName}`;
  // Names of parts hold a hash: those of the last build would stay for ever.
  await removeIfThere(bundle);
  await Deno.mkdir(bundle, { recursive: true });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--minify", "--platform", "deno", "--code-splitting"],
      ...["--outdir", bundle],
      new URL("./main.ts", import.meta.url).pathname,
    ],
    stdout: "inherit",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr).trim()}`);
  for (const [name, text] of [["kubectl-tgp", shim], ["kubectl_complete-tgp", completion]]) {
    await Deno.writeTextFile(`${folder}/${name}`, text ?? "", { mode: 0o755 });
    // The mode above counts for new files only.
    await Deno.chmod(`${folder}/${name}`, 0o755);
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) {
  try {
    await build(Deno.args[0] ?? new URL("../dist", import.meta.url).pathname);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${message}\n`));
    Deno.exitCode = 1;
  }
}
