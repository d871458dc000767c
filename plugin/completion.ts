/**
 * Completion: kubectl calls `kubectl_complete-tgp` with the words typed so far, the last of them the one
 * being completed, and reads one candidate per line and a directive.
 *
 * @module
 */

import { proposeCompletions } from "@stricli/core";
import { buildPluginApplication } from "./application.ts";
import type { PluginContext } from "./command.ts";
import { commands, findCommand, normalizeWords } from "./commands.ts";
import type { PluginDeps } from "./deps.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import { type GlobalFlags, globalFlags, splitGlobalFlags } from "./global_flags.ts";
import { listFlags } from "./help.ts";
import type { Io } from "./io.ts";
import { listFormats } from "./output/list_formats.ts";
import { withPatience } from "./patience.ts";

/** "Do not offer file names", see `ShellCompDirective` in spf13/cobra. */
const noFiles = ":4";

/** People wait at a prompt: names from a slow cluster are left out after this long. */
const patienceMs = 1_000;

/** A candidate and what it is. */
interface Candidate {
  readonly text: string;
  readonly brief: string;
}

/** Prints candidates. Never fails: no candidate is better than a broken prompt. */
export async function complete(
  words: readonly string[],
  io: Io,
  deps: PluginDeps,
): Promise<ExitCode> {
  const partial = words.at(-1) ?? "";
  let candidates: readonly Candidate[] = [];
  try {
    const { words: before, flags } = splitGlobalFlags(words.slice(0, -1));
    candidates = await findCandidates(normalizeWords(before), partial, {
      io,
      deps,
      globals: flags,
    });
  } catch {
    // A flag without its value yet, an unreachable cluster: nothing to propose.
  }
  for (const { text, brief } of candidates) {
    if (text.startsWith(partial)) io.out(brief ? `${text}\t${brief}\n` : `${text}\n`);
  }
  io.out(`${noFiles}\n`);
  return exitCodes.ok;
}

async function findCandidates(
  before: readonly string[],
  partial: string,
  context: Pick<PluginContext, "io" | "deps" | "globals">,
): Promise<readonly Candidate[]> {
  const command = findCommand(before.filter((word) => !word.startsWith("-")));
  if (partial.startsWith("-")) {
    const own = command ? listFlags(command) : [];
    return [
      ...own.map(({ name, brief }) => ({ text: name, brief })),
      ...globalFlags.map(({ name, brief }) => ({ text: `--${name}`, brief })),
      { text: "--help", brief: "Show help" },
    ];
  }
  const last = before.at(-1) ?? "";
  if (last === "-o" || last === "--output") return completeFormats(command);
  if (last.startsWith("-") && !isSwitch(last, command)) return await completeValue(last, context);
  if (!command) return await completeCommand(before, partial, context);
  switch (command.path.join(" ")) {
    case "offers":
      return await completeModels();
    case "pools":
    case "pools describe":
      return [
        ...(before.length === 1 ? [{ text: "describe", brief: "Show one pool" }] : []),
        ...await completeNames("gpunodepools", context),
      ];
    case "providers":
    case "providers check":
      return [
        ...(before.length === 1 ? [{ text: "check", brief: "Prove each API key" }] : []),
        ...before.includes("--local")
          ? await completeClouds()
          : await completeNames("gpunodeclasses", context),
      ];
    case "instances":
      return before.includes("--local")
        ? await completeClouds()
        : await completeNames("gpunodeclasses", context);
    case "claims":
      return await completeNames("gpunodeclaims", context);
    default:
      return [];
  }
}

/** What the command's own help says that it takes. */
function completeFormats(command: ReturnType<typeof findCommand>): readonly Candidate[] {
  const named = /^Output format: (\S+)$/.exec(command?.parameters.flags?.["output"]?.brief ?? "");
  const formats: readonly string[] = named?.[1]?.split("|") ?? listFormats;
  return formats.map((text) => ({ text, brief: "" }));
}

async function completeCommand(
  before: readonly string[],
  partial: string,
  context: Pick<PluginContext, "io" | "deps" | "globals">,
): Promise<readonly Candidate[]> {
  const process = { stdout: { write() {} }, stderr: { write() {} }, env: {} };
  const proposals = await proposeCompletions(buildPluginApplication(), [...before, partial], {
    ...context,
    process,
  });
  return proposals.map(({ completion, brief }) => ({
    text: completion,
    brief: commands.find(({ path }) => path.join(" ") === completion)?.brief ?? brief,
  }));
}

function isSwitch(flag: string, command: ReturnType<typeof findCommand>): boolean {
  const { flags = {} } = command?.parameters ?? {};
  const names = command ? listFlags(command) : [];
  const index = names.findIndex(({ name, short }) => name === flag || `-${short}` === flag);
  return Object.values(flags)[index]?.kind === "boolean";
}

async function completeValue(
  flag: string,
  context: Pick<PluginContext, "deps" | "globals">,
): Promise<readonly Candidate[]> {
  switch (flag) {
    case "--pool":
      return await completeNames("gpunodepools", context);
    case "--sort-by": {
      const { offerSortKeys } = await import("./offers/sort_keys.ts");
      return offerSortKeys.map((text) => ({ text, brief: "" }));
    }
    case "--dry-run":
      return ["none", "client", "server"].map((text) => ({ text, brief: "" }));
    case "--provider":
      return await completeClouds();
    default:
      return [];
  }
}

async function completeClouds(): Promise<readonly Candidate[]> {
  const { providerNames } = await import("../providers/registry.ts");
  return providerNames.map((text) => ({ text, brief: "" }));
}

async function completeModels(): Promise<readonly Candidate[]> {
  const { gpuModels } = await import("../schemas/gpu_models.ts");
  return gpuModels.map(({ id, memoryGb, architecture }) => ({
    text: id,
    brief: `${memoryGb} GB, ${architecture}`,
  }));
}

/** Names of the cluster's objects, if it answers soon enough. */
async function completeNames(
  plural: string,
  { deps, globals }: { readonly deps: PluginDeps; readonly globals: GlobalFlags },
): Promise<readonly Candidate[]> {
  const { readIdentity } = await import("./output/read_identity.ts");
  const { Fields } = await import("../kube/fields.ts");
  const kube = await deps.connect(globals);
  const limit = { ms: patienceMs, message: "the cluster did not answer" };
  const type = {
    group: "tgp.io",
    version: "v1",
    kind: plural,
    plural,
    namespaced: false,
    parse: (raw: unknown) => readIdentity(new Fields(raw)),
  };
  try {
    const { items } = await withPatience(
      deps.clock,
      limit,
      (signal) => kube.list(type, { signal }),
    );
    return items.map(({ metadata }) => ({ text: metadata.name, brief: "" }));
  } finally {
    kube.close();
  }
}
