/**
 * The programs a control plane consists of.
 *
 * @module
 */

/** One program of a control plane, by the name of its file. */
export type ProgramName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl";

/** Where each program lies. */
export type Programs = Readonly<Record<ProgramName, string>>;

/** Whether a file is there and may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    const file = await Deno.stat(path);
    return file.isFile && ((file.mode ?? 0o111) & 0o111) !== 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
