/**
 * What a command is: how it is called, what help says about it, and how it runs.
 *
 * @module
 */

import type {
  ApplicationContext,
  BaseArgs,
  BaseFlags,
  TypedCommandParameters,
} from "@stricli/core";
import type { PluginDeps } from "./deps.ts";
import type { ExitCode } from "./exit_code.ts";
import type { GlobalFlags } from "./global_flags.ts";
import type { Io } from "./io.ts";

/** What a running command is given besides its own flags. */
export interface CommandContext {
  readonly io: Io;
  readonly deps: PluginDeps;
  readonly globals: GlobalFlags;
}

/** The context as stricli passes it. */
export interface PluginContext extends ApplicationContext, CommandContext {}

/** Runs a command. Flags and operands are as given; each command parses its own. */
export type RunCommand<Flags extends BaseFlags, Operands extends BaseArgs> = (
  flags: Flags,
  operands: Operands,
  context: CommandContext,
) => Promise<ExitCode>;

/** One example in help. */
export interface CommandExample {
  readonly comment: string;
  /** What follows `kubectl tgp`. */
  readonly words: string;
}

/** What help knows about a flag. */
export interface FlagHelp {
  readonly kind: string;
  readonly brief: string;
  readonly placeholder?: string;
}

/** The part of a command that help and completion need: nothing of it loads the command. */
export interface CommandHelp {
  /** The words that call it, for example `pools describe`. */
  readonly path: readonly string[];
  /** One line, in the imperative. */
  readonly brief: string;
  /** A paragraph. */
  readonly description: string;
  readonly examples: readonly CommandExample[];
  /** Operands in the usage line, for example `[QUERY]`. */
  readonly operands: string;
  /** More paragraphs, each with a heading. */
  readonly topics?: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  readonly parameters: {
    readonly flags?: Readonly<Record<string, FlagHelp>>;
    readonly aliases?: Readonly<Record<string, string | undefined>>;
  };
}

/** One command. */
export interface CommandDefinition<Flags extends BaseFlags, Operands extends BaseArgs>
  extends CommandHelp {
  readonly parameters: TypedCommandParameters<Flags, Operands, PluginContext>;
  /** Loads the code, so that a command costs nothing until it is called. */
  readonly load: () => Promise<RunCommand<Flags, Operands>>;
}
