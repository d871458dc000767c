/**
 * `kubectl tgp doctor`: looks at the installation from top to bottom.
 *
 * @module
 */

import { allChecks } from "../../kube/preflight/checks.ts";
import { type Finding, findingsOf, type FindingState } from "../../kube/preflight/finding.ts";
import { runPreflight } from "../../kube/preflight/run_preflight.ts";
import { type Kube, KubeError } from "../../kube/kube.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import type { CommandContext } from "../command.ts";
import { withKube } from "../deps.ts";
import { type ExitCode, exitCodes } from "../exit_code.ts";
import { countOf } from "../output/count.ts";
import { parseFormat, printStructured } from "../output/format.ts";
import { toOutputList } from "../output/list.ts";
import { printTable } from "../output/print_rows.ts";
import type { Column } from "../output/table.ts";
import { pluginVersion } from "../version_number.ts";
import type { DoctorFlags } from "./flags.ts";
import { renderRemedies } from "./render_remedies.ts";

/** How to show what is found. */
export interface DoctorOptions {
  readonly format: "table" | "json" | "yaml";
  readonly headers: boolean;
  readonly strict: boolean;
}

/** Reads flags. @throws {UsageError} */
export function parseOptions(flags: DoctorFlags): DoctorOptions {
  return {
    format: parseFormat(flags.output, ["table", "json", "yaml"] as const, "table"),
    headers: !flags.noHeaders,
    strict: flags.strict ?? false,
  };
}

/** Runs the command. */
export async function run(options: DoctorOptions, context: CommandContext): Promise<ExitCode> {
  const { io, deps, globals } = context;
  const findings = await withKube(deps, globals, (kube) => look(kube, context));
  const { format, headers, strict } = options;
  const count = (state: FindingState) => findings.filter((one) => one.state === state).length;
  if (format === "table") {
    printTable(io, columns, findings, { wide: false, headers, hasWide: false });
    io.out(renderRemedies(findings, io.columns));
  } else {
    const items = findings.map(toFindingItem);
    await printStructured(io, format, toOutputList("DoctorCheckList", items, deps.clock.now()));
  }
  const [failed, warned, unknown] = [count("fail"), count("warn"), count("unknown")];
  if (failed + warned + unknown > 0) {
    io.message(
      `${failed} of ${countOf(findings.length, "check")} failed, ${
        countOf(warned, "warning")
      }, ${unknown} unknown`,
    );
  }
  if (failed > 0) return exitCodes.no;
  return strict && unknown > 0 ? exitCodes.partial : exitCodes.ok;
}

/** The command. */
export function doctor(
  flags: DoctorFlags,
  _operands: readonly [],
  context: CommandContext,
): Promise<ExitCode> {
  return run(parseOptions(flags), context);
}

/** Where nobody answers there is nothing else to look at. */
async function look(
  kube: Kube,
  { deps, globals }: CommandContext,
): Promise<readonly Finding[]> {
  const { signal } = new AbortController();
  try {
    // Also tells the server's time, which other checks judge by.
    await kube.getRaw("/version", signal);
  } catch (error) {
    if (!(error instanceof KubeError)) {
      const message = error instanceof Error ? error.message : String(error);
      return [
        findingsOf("api-server").fail(
          message,
          "Nothing else was looked at. Look at the kubeconfig, and at the network.",
        ),
      ];
    }
    if (error.code === 401) throw error;
  }
  return await runPreflight(
    allChecks,
    {
      kube,
      clock: deps.clock,
      namespace: globals.controllerNamespace ?? defaultNamespace,
      version: pluginVersion,
      clockSkewMs: deps.clockSkewMs,
      probeEndpoint: deps.probeEndpoint,
      isController: false,
    },
    deps.clock,
    signal,
  );
}

/** An item of a `DoctorCheckList`. The names are a promise to scripts. */
function toFindingItem({ check, subject, state, message, remedy }: Finding) {
  return {
    check,
    class: subject ?? null,
    state,
    message,
    remedy: remedy.map((line) => line.trim()),
  };
}

/** What failed is to be seen at a glance, also without colour. */
const words: Readonly<Record<FindingState, string>> = {
  ok: "ok",
  warn: "warn",
  fail: "FAIL",
  unknown: "unknown",
};

const columns: readonly Column<Finding>[] = [
  { header: "CHECK", cell: ({ check, subject }) => subject ? `${check}/${subject}` : check },
  { header: "RESULT", essential: true, cell: ({ state }) => words[state] },
  { header: "DETAIL", wraps: true, cell: ({ message }) => message },
];
