/**
 * Runs `kubectl tgp` on the stage, in this process, and says what it prints.
 *
 * @module
 */

import { runPlugin } from "../../plugin/run_plugin.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { Output } from "./output.ts";
import type { Stage } from "./stage.ts";

/** Width of tables where there is no terminal: narrow enough for whoever reads it later. */
const defaultColumns = 110;

/**
 * Runs one command.
 *
 * @param words What follows `kubectl tgp`.
 * @returns Whether it ended with success.
 */
export async function runKubectlTgp(
  { clock, kube }: Pick<Stage, "clock" | "kube">,
  output: Output,
  words: readonly string[],
): Promise<boolean> {
  output.line(`$ kubectl tgp ${words.join(" ")}`, "dim");
  let text = "";
  const io = {
    out: (part: string) => void (text += part),
    message: (line: string) => void (text += `${line}\n`),
    ask: () => undefined,
    columns: output.columns ?? defaultColumns,
  };
  const code = await runPlugin(words, io, {
    clock,
    random: systemRandom,
    fetch: (request) => fetch(request),
    env: () => undefined,
    untilInterrupted: (run) => run(new AbortController().signal),
    clockSkewMs: () => undefined,
    probeEndpoint: () => Promise.resolve({ kind: "silent", why: "it is simulated" }),
    // The stage closes its own connection.
    connect: () => Promise.resolve({ ...kube, close() {} }),
  });
  for (const line of text.trimEnd().split("\n")) output.line(line, "plain", 2);
  output.line("");
  return code === 0;
}
