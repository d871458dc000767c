/**
 * One program of a control plane as a child process.
 *
 * @module
 */

import { delay } from "./wait.ts";

/** What to run and where its files go. */
export interface ComponentOptions {
  /** Names the log and the pid file, and messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Folder of `<name>.log` and `<name>.pid`. */
  readonly dir: string;
}

/**
 * Starts the program with its output in `<name>.log`. The shell writes `<name>.pid` before it becomes the
 * program, so that whoever cleans up after a crash finds every process that ever ran.
 */
const launchScript = 'echo "$$" >"$1.pid" && exec >>"$1.log" 2>&1 && shift && exec "$@"';

/** How long a program may take to end after SIGTERM before it is killed, in milliseconds. */
const stopGraceMs = 5_000;

/** A running program. */
export class Component {
  readonly name: string;
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #options: ComponentOptions;
  #exited: Deno.CommandStatus | undefined;

  private constructor(options: ComponentOptions, child: Deno.ChildProcess) {
    this.name = options.name;
    this.pid = child.pid;
    this.#options = options;
    this.#child = child;
    child.status.then((status) => this.#exited = status);
  }

  /** Starts a program; it is running, not ready, when this returns. */
  static start(options: ComponentOptions): Component {
    const { name, program, args, dir } = options;
    const command = new Deno.Command("sh", {
      args: ["-c", launchScript, "sh", `${dir}/${name}`, program, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return new Component(options, command.spawn());
  }

  /**
   * Waits until `probe` holds.
   *
   * @throws {Error} The program ended, or was not ready within `timeoutMs`; with the end of its log.
   */
  async waitUntilReady(probe: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!await probe()) {
      if (this.#exited !== undefined) {
        const { signal, code } = this.#exited;
        throw await this.#failure(`it ended with ${signal ?? `code ${code}`}`);
      }
      if (performance.now() > deadlineMs) {
        throw await this.#failure(`it was not ready within ${timeoutMs / 1000} s`);
      }
      await delay(40);
    }
  }

  /** Ends the program and waits for its end: with `signal`, then after 5 s with SIGKILL. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    this.#kill(signal);
    const cancel = new AbortController();
    const kill = delay(stopGraceMs, cancel.signal).then(() => this.#kill("SIGKILL"), () => {});
    await this.#child.status;
    cancel.abort();
    await kill;
  }

  /** What the program has written so far. */
  async readLog(): Promise<string> {
    try {
      return await Deno.readTextFile(`${this.#options.dir}/${this.name}.log`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  #kill(signal: Deno.Signal): void {
    if (this.#exited !== undefined) return;
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended by itself between the check and the call.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #failure(what: string): Promise<Error> {
    const tail = (await this.readLog()).trimEnd().split("\n").slice(-15).join("\n");
    return new Error(`Cannot start ${this.name}: ${what}; the end of its log:\n${tail}`);
  }
}
