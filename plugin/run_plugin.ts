/**
 * From words to an exit status.
 *
 * @module
 */

import type { PluginContext } from "./command.ts";
import { findCommand, normalizeWords } from "./commands.ts";
import type { PluginDeps } from "./deps.ts";
import { exitCodes } from "./exit_code.ts";
import { explainError } from "./explain_error.ts";
import { splitGlobalFlags } from "./global_flags.ts";
import { renderCommandHelp, renderRootHelp } from "./help.ts";
import type { Io } from "./io.ts";

/**
 * Runs the plugin. Never throws: whatever goes wrong is a message and a status.
 *
 * @param args What follows `kubectl tgp`.
 */
export async function runPlugin(
  args: readonly string[],
  io: Io,
  deps: PluginDeps,
): Promise<number> {
  try {
    if (args[0] === "__complete") {
      const { complete } = await import("./completion.ts");
      return await complete(args.slice(1), io, deps);
    }
    const { words: given, flags: globals } = splitGlobalFlags(args);
    const words = normalizeWords(given);
    if (isHelp(words)) {
      io.out(renderHelp(words));
      return exitCodes.ok;
    }
    return await runCommand(words, { io, deps, globals });
  } catch (error) {
    const { text, exitCode } = explainError(error);
    io.message(text.trimEnd());
    return exitCode;
  }
}

async function runCommand(
  words: readonly string[],
  { io, deps, globals }: Pick<PluginContext, "io" | "deps" | "globals">,
): Promise<number> {
  const [{ run }, { buildPluginApplication }] = await Promise.all([
    import("@stricli/core"),
    import("./application.ts"),
  ]);
  const process: PluginContext["process"] = {
    stdout: { write: (text) => io.out(text) },
    stderr: { write: (text) => io.message(text.trimEnd()) },
    env: {},
  };
  await run(buildPluginApplication(), expandFlags(words), { process, io, deps, globals });
  const code = Number(process.exitCode ?? exitCodes.ok);
  // stricli's own statuses are negative: mistakes on the command line, but for -3 and up.
  return code >= 0 ? code : code <= -4 ? exitCodes.usage : exitCodes.failure;
}

/**
 * What kubectl's users write and stricli does not read: `-ojson`, and a value that starts with a dash in
 * `--sort-by -price`.
 */
function expandFlags(words: readonly string[]): readonly string[] {
  const expanded: string[] = [];
  for (const [index, word] of words.entries()) {
    const match = /^-o=?(.+)$/.exec(word);
    if (word === "--") return [...expanded, ...words.slice(index)];
    if (words[index - 1] === "--sort-by") expanded.splice(-1, 1, `--sort-by=${word}`);
    else expanded.push(...match ? ["-o", match[1] ?? ""] : [word]);
  }
  return expanded;
}

function isHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const before = end < 0 ? words : words.slice(0, end);
  return words.length === 0 || words[0] === "help" ||
    before.includes("--help") || before.includes("-h");
}

function renderHelp(words: readonly string[]): string {
  const named = normalizeWords(words[0] === "help" ? words.slice(1) : words);
  const command = findCommand(named.filter((word) => !word.startsWith("-")));
  return command ? renderCommandHelp(command) : renderRootHelp();
}
