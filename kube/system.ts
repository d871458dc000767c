/**
 * What loading credentials needs from the machine it runs on.
 *
 * @module
 */

/** A child process to run to its end; its stderr goes to ours. */
export interface SystemCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Set in addition to our own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it may read our stdin. */
  readonly inheritStdin: boolean;
}

/** The machine: environment, files, processes, terminal. */
export interface KubeSystem {
  env(name: string): string | undefined;
  /** @throws {Deno.errors.NotFound} and the like. */
  readTextFile(path: string): Promise<string>;
  /**
   * Runs a command; the process is killed when `signal` aborts.
   *
   * @throws {Deno.errors.NotFound} If there is no such command.
   */
  run(command: SystemCommand, signal?: AbortSignal): Promise<{ code: number; stdout: string }>;
  stdinIsTerminal(): boolean;
}

/** The machine that Deno runs on. */
export const denoSystem: KubeSystem = {
  env: (name) => Deno.env.get(name),
  readTextFile: (path) => Deno.readTextFile(path),
  async run(command, signal) {
    const output = await new Deno.Command(command.command, {
      args: [...command.args],
      env: { ...command.env },
      stdin: command.inheritStdin ? "inherit" : "null",
      stdout: "piped",
      stderr: "inherit",
      ...(signal ? { signal } : {}),
    }).output();
    return { code: output.code, stdout: new TextDecoder().decode(output.stdout) };
  },
  stdinIsTerminal: () => Deno.stdin.isTerminal(),
};
