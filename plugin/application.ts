/**
 * The commands as a stricli application: routing, flags, suggestions.
 *
 * @module
 */

import {
  type Application,
  type BaseArgs,
  type BaseFlags,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  text_en,
} from "@stricli/core";
import { claimsDefinition } from "./claims/definition.ts";
import type { CommandDefinition, PluginContext } from "./command.ts";
import { doctorDefinition } from "./doctor/definition.ts";
import { explainError } from "./explain_error.ts";
import { instancesDefinition } from "./instances/definition.ts";
import { offersDefinition } from "./offers/definition.ts";
import { optionsDefinition } from "./options/definition.ts";
import { describePoolDefinition, poolsDefinition } from "./pools/definition.ts";
import { checkProvidersDefinition, providersDefinition } from "./providers/definition.ts";
import { teardownDefinition } from "./teardown/definition.ts";
import { versionDefinition } from "./version/definition.ts";

/** Builds the application. */
export function buildPluginApplication(): Application<PluginContext> {
  const root = buildRouteMap({
    routes: {
      offers: toCommand(offersDefinition),
      pools: buildRouteMap({
        routes: { list: toCommand(poolsDefinition), describe: toCommand(describePoolDefinition) },
        defaultCommand: "list",
        docs: { brief: poolsDefinition.brief, hideRoute: { list: true } },
      }),
      claims: toCommand(claimsDefinition),
      providers: buildRouteMap({
        routes: {
          list: toCommand(providersDefinition),
          check: toCommand(checkProvidersDefinition),
        },
        defaultCommand: "list",
        docs: { brief: providersDefinition.brief, hideRoute: { list: true } },
      }),
      instances: toCommand(instancesDefinition),
      doctor: toCommand(doctorDefinition),
      teardown: toCommand(teardownDefinition),
      version: toCommand(versionDefinition),
      options: toCommand(optionsDefinition),
    },
    docs: { brief: "Rent GPUs for this cluster" },
  });
  return buildApplication(root, {
    name: "kubectl tgp",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true, caseStyle: "convert-camel-to-kebab" },
    localization: {
      text: {
        ...text_en,
        noCommandRegisteredForInput: ({ input, corrections }) =>
          `error: unknown command "${input}" for "kubectl tgp"${suggest(corrections)}\n` +
          'See "kubectl tgp --help"',
        exceptionWhileParsingArguments: (error) =>
          `error: ${error instanceof Error ? error.message : String(error)}\n` +
          "Add --help to see what the command takes",
        exceptionWhileRunningCommand: (error) => explainError(error).text.trimEnd(),
        exceptionWhileLoadingCommandFunction: (error) => explainError(error).text.trimEnd(),
      },
    },
    determineExitCode: (error) => explainError(error).exitCode,
  });
}

function toCommand<Flags extends BaseFlags, Operands extends BaseArgs>(
  definition: CommandDefinition<Flags, Operands>,
): Command<PluginContext> {
  return buildCommand<Flags, Operands, PluginContext>({
    parameters: definition.parameters,
    docs: { brief: definition.brief },
    loader: async () => {
      const run = await definition.load();
      return async function (flags, ...operands) {
        const code = await run(flags, operands, this);
        // stricli writes its own "success" afterwards, unless a status is there already.
        this.process.exitCode = code;
      };
    },
  });
}

function suggest(corrections: readonly string[]): string {
  if (corrections.length === 0) return "";
  return `: did you mean ${
    corrections.map((word) => `"${word.replaceAll("`", "")}"`).join(" or ")
  }?`;
}
