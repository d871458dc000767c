/**
 * `kubectl-tgp`: the process.
 *
 * @module
 */

import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Io } from "./io.ts";
import { createClusterClock } from "./cluster_clock.ts";
import type { PluginDeps } from "./deps.ts";
import { readAnswer } from "./read_answer.ts";
import { runPlugin } from "./run_plugin.ts";
import { untilInterrupted } from "./until_interrupted.ts";

/** Writes all of it; a reader that has gone away (`| head`) ends the output, not the program. */
function createWriter(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  let open = true;
  return (text) => {
    let bytes = encoder.encode(text);
    while (open && bytes.length > 0) {
      try {
        bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        open = false;
      }
    }
  };
}

function createIo(): Io {
  const writeOut = createWriter(Deno.stdout);
  const writeError = createWriter(Deno.stderr);
  return {
    out: writeOut,
    message: (line) => writeError(`${line}\n`),
    ask(question) {
      if (!Deno.stdin.isTerminal()) return undefined;
      writeError(question);
      return readAnswer(Deno.stdin);
    },
    // A terminal that does not know its width says 0.
    columns: (Deno.stdout.isTerminal() && Deno.consoleSize().columns) || undefined,
  };
}

function createDeps(): PluginDeps {
  const clock = createClusterClock(systemClock);
  const random = systemRandom;
  return {
    clock,
    random,
    fetch: (request) => fetch(request),
    env: (name) => Deno.env.get(name),
    untilInterrupted,
    clockSkewMs: () => clock.lastSkewMs,
    probeEndpoint: async (target, signal) => {
      const { probeEndpoint } = await import("../kube/preflight/probe_endpoint.ts");
      return await probeEndpoint(target, signal);
    },
    connect: async (flags) => {
      const [{ connect }, { denoSystem: system }] = await Promise.all([
        import("./connect.ts"),
        import("../kube/system.ts"),
      ]);
      const onDate = (date: string | null) => clock.observe(date);
      return await connect(flags, { system, clock: systemClock, random, onDate });
    },
  };
}

if (import.meta.main) Deno.exit(await runPlugin(Deno.args, createIo(), createDeps()));
