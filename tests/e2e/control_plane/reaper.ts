/**
 * Cleans up after a test run that was killed before it could.
 *
 * @module
 */

/**
 * Waits for a word on standard input. `done` means that all was cleaned up in order; the end of the input
 * means that its parent died, and then every process with a pid file is killed and the folder removed.
 */
const reaperScript = `
trap '' INT TERM HUP
read -r word
[ "$word" = done ] && exit 0
for file in "$1"/*.pid; do [ -f "$file" ] && kill -KILL "$(cat "$file")" 2>/dev/null; done
for _ in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null; [ -e "$1" ] || exit 0; sleep 0.2; done
exit 1
`;

/** Watches over one folder until told that it is done. */
export class Reaper {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.pid = child.pid;
  }

  /** Starts watching over `dir`, in a session of its own so that signals to the test run miss it. */
  static start(dir: string): Reaper {
    const command = new Deno.Command("sh", {
      args: ["-c", reaperScript, "sh", dir],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
      detached: true,
    });
    return new Reaper(command.spawn());
  }

  /** Ends the watch: everything was cleaned up. */
  async dismiss(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("done\n"));
    await writer.close();
    await this.#child.status;
  }
}
