/**
 * Help as kubectl writes it. Needs no command's code and no parser, so that it is instant.
 *
 * @module
 */

import type { CommandHelp } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodeMeanings } from "./exit_code.ts";
import { paragraphs, section } from "./help_layout.ts";

/** What the user types before our words. */
const program = "kubectl tgp";

/** Help of the plugin as a whole. */
export function renderRootHelp(): string {
  return paragraphs([
    "Rent GPUs for this cluster: what can be bought, what is running, and what it costs.",
    section("Commands", rows(commands.map(({ path, brief }) => [path.join(" "), brief]))),
    section(
      "Exit status",
      rows(exitCodeMeanings.map(([code, meaning]) => [String(code), meaning])),
    ),
    section("Usage", [`  ${program} COMMAND [flags] [options]`]),
    `Use "${program} COMMAND --help" for more about a command, "${program} options" for flags that every command takes.`,
  ]);
}

/** Help of one command. */
export function renderCommandHelp(command: CommandHelp): string {
  const { path, brief, description, operands } = command;
  const flags = flagRows(command);
  const usage = [program, ...path, operands, flags.length > 0 ? "[flags]" : "", "[options]"];
  return paragraphs([
    `${brief}.`,
    description,
    section("Examples", exampleLines(command)),
    ...(command.topics ?? []).map(({ heading, lines }) =>
      section(heading, lines.map((line) => `  ${line}`))
    ),
    ...(flags.length > 0 ? [section("Options", flags)] : []),
    section("Usage", [`  ${usage.filter((word) => word !== "").join(" ")}`]),
    `Use "${program} options" for flags that every command takes.`,
  ]);
}

/** The flags of a command, with dashes, as the user types them. */
export function listFlags(
  command: CommandHelp,
): readonly {
  readonly name: string;
  readonly short: string | undefined;
  readonly brief: string;
}[] {
  const { flags = {}, aliases = {} } = command.parameters;
  return Object.entries(flags).map(([key, { brief }]) => ({
    name: `--${toKebab(key)}`,
    short: Object.keys(aliases).find((letter) => aliases[letter] === key),
    brief,
  }));
}

function exampleLines({ examples }: CommandHelp): readonly string[] {
  return examples.flatMap(({ comment, words }, index) => [
    ...(index > 0 ? [""] : []),
    `  # ${comment}`,
    `  ${program} ${words}`,
  ]);
}

function flagRows(command: CommandHelp): readonly string[] {
  const { flags = {} } = command.parameters;
  const kinds = Object.values(flags);
  return listFlags(command).flatMap(({ name, short, brief }, index) => {
    const flag = kinds[index];
    const value = flag?.kind === "boolean" ? "=false" : `='${flag?.placeholder ?? ""}'`;
    return [`    ${short ? `-${short}, ` : ""}${name}${value}:`, `        ${brief}`];
  });
}

function rows(cells: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...cells.map(([name]) => name.length));
  return cells.map(([name, text]) => `  ${name.padEnd(width)}   ${text}`);
}

function toKebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
