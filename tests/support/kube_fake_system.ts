/**
 * A machine for credential tests: files and plugins are plain values.
 *
 * @module
 */

import type { KubeSystem, SystemCommand } from "../../kube/system.ts";

/** See the module; change it at will. */
export class FakeSystem implements KubeSystem {
  readonly files = new Map<string, string>();
  readonly reads: string[] = [];
  readonly runs: SystemCommand[] = [];
  terminal = false;
  /** Answers the next runs; the last one stays. */
  readonly outputs: (() => Promise<{ code: number; stdout: string }>)[] = [];

  env(): string | undefined {
    return undefined;
  }

  readTextFile(path: string): Promise<string> {
    this.reads.push(path);
    const text = this.files.get(path);
    return text === undefined
      ? Promise.reject(new Deno.errors.NotFound(`No such file or directory: ${path}`))
      : Promise.resolve(text);
  }

  run(command: SystemCommand): Promise<{ code: number; stdout: string }> {
    this.runs.push(command);
    const next = this.outputs.length > 1 ? this.outputs.shift() : this.outputs[0];
    return next ? next() : Promise.reject(new Deno.errors.NotFound(`no ${command.command}`));
  }

  stdinIsTerminal(): boolean {
    return this.terminal;
  }

  /** What the plugin was told in `KUBERNETES_EXEC_INFO`, in its latest run. */
  get execInfo(): unknown {
    return JSON.parse(this.runs.at(-1)?.env.KUBERNETES_EXEC_INFO ?? "null");
  }
}
