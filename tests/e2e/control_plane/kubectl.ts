/**
 * Runs kubectl against a control plane.
 *
 * @module
 */

/** What a finished command left. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run kubectl. */
export interface KubectlOptions {
  readonly program: string;
  readonly kubeconfigPath: string;
  /** Home folder, for kubectl's caches. */
  readonly homeDir: string;
  /** Text for standard input, for `-f -`. */
  readonly stdin?: string;
  /** More environment, over the test run's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends kubectl, for commands that watch. */
  readonly signal?: AbortSignal;
}

/** Runs kubectl to its end; a failure is a code, not an exception. */
export async function runKubectl(
  args: readonly string[],
  options: KubectlOptions,
): Promise<CommandResult> {
  const { program, kubeconfigPath, homeDir, stdin, env, signal } = options;
  const child = new Deno.Command(program, {
    args: [...args],
    env: { HOME: homeDir, KUBECONFIG: kubeconfigPath, ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    ...(signal === undefined ? {} : { signal }),
  }).spawn();
  const finished = child.output();
  if (stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await finished;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
