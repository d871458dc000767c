/**
 * Looks at the processes of this machine.
 *
 * @module
 */

/** Lines of `ps` whose command line contains `text`: `<pid> <command line>`. */
export async function findProcesses(text: string): Promise<string[]> {
  const lines = await readProc() ?? await runPs();
  return lines.filter((line) => line.includes(text));
}

/** Linux tells without a program, which small images lack; `undefined` elsewhere. */
async function readProc(): Promise<string[] | undefined> {
  const lines: string[] = [];
  try {
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const args = await readCommandLine(name);
      if (args !== "") lines.push(`${name} ${args}`);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return lines;
}

async function readCommandLine(pid: string): Promise<string> {
  try {
    return (await Deno.readTextFile(`/proc/${pid}/cmdline`)).replaceAll("\0", " ").trim();
  } catch {
    // It ended meanwhile.
    return "";
  }
}

async function runPs(): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim());
}
