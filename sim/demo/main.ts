/**
 * The main job, end to end, in a box: pods ask for GPUs, machines are bought, join, work and are given
 * back, and the bill is checked against the cloud's own metering.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { defaultPollIntervals } from "../../controller/accounts/account_poller.ts";
import { displayUsd, parseUsd, sumUsd } from "../../schemas/money.ts";
import { applyObjects, readKustomization } from "./apply_manifests.ts";
import { compareBills, formatBill } from "./bill.ts";
import { cast, toPod } from "./cast.ts";
import { createMarket, marketScene } from "./market.ts";
import { createOutput, createScreen, type Output } from "./output.ts";
import { perform } from "./perform.ts";
import { runKubectlTgp } from "./run_kubectl_tgp.ts";
import { readLedger } from "./read_ledger.ts";
import { readScene } from "./scene.ts";
import { setStage, type Stage } from "./stage.ts";

const usage = `Plays the main job end to end in a box; needs no account, cluster or GPU.

Usage:
  deno task demo [--keep] [--rate N]

  --keep    leave it running afterwards, to look around with kubectl and kubectl tgp
  --rate N  how many times faster than real time, 1 to 60 (default 60)
`;

const manifests = new URL("../../manifests/", import.meta.url);
/** The controller is a process beside the box, no Pod in it. */
const installation = new URL("overlays/controller-outside/", manifests);
/** How long a busy computer may keep the controller from looking, in real milliseconds. */
const lagMs = 5_000;
/** What shells say of a program that Ctrl+C ended. */
const interrupted = 130;
/** The demo must cost something, or it proves nothing. */
const leastBill = parseUsd("20");

async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const output = createOutput(createScreen(() => stop.abort(new Error("Nobody reads any more"))));
  let values: { readonly help?: boolean; readonly keep?: boolean; readonly rate?: string };
  try {
    values = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        keep: { type: "boolean" },
        rate: { type: "string" },
      },
    }).values;
  } catch (error) {
    output.line(`error: ${(error as Error).message}\n${usage}`, "bad");
    return 2;
  }
  if (values.help) {
    output.line(usage.trimEnd());
    return 0;
  }
  const rate = Number(values.rate ?? 60);
  if (!(rate >= 1 && rate <= 60)) {
    output.line(`error: --rate takes a number from 1 to 60, not "${values.rate}"`, "bad");
    return 2;
  }
  return await play(output, { rate, keep: values.keep ?? false }, stop);
}

async function play(
  output: Output,
  { rate, keep }: { readonly rate: number; readonly keep: boolean },
  stop: AbortController,
): Promise<number> {
  const stage = await setStage({
    rate,
    createClouds: createMarket,
  });
  const onSignal = () => stop.abort(new Error("Interrupted"));
  Deno.addSignalListener("SIGINT", onSignal);
  Deno.addSignalListener("SIGTERM", onSignal);
  let controller: Promise<number> | undefined;
  try {
    output.line(
      "A cluster without GPUs, accounts at Lambda, Paperspace and RunPod, fourteen pods that want GPUs.",
    );
    output.line(`Simulated time runs ${rate} times faster than yours.\n`, "dim");
    await applyObjects(stage.kube, await readKustomization(installation));
    await applyObjects(
      stage.kube,
      await readScene(manifests, stage.apiServerEndpoint, marketScene),
    );
    controller = stage.startController(stop.signal);
    const problems = await perform(stage, output, cast, cast.map(toPod), {
      controller,
      onReady: () => showOffers(stage, output),
      signal: stop.signal,
    });
    if (stop.signal.aborted) {
      output.line("\nInterrupted: everything is taken down.", "bad");
      return interrupted;
    }
    problems.push(
      ...await checkBill(stage, output, defaultPollIntervals.idleListMs + lagMs * rate),
    );
    for (const problem of problems) output.line(`FAILED: ${problem}`, "bad");
    if (problems.length > 0) await showLog(stage, output);
    else output.line("\nEverything happened as it should.", "good");
    if (keep && !stop.signal.aborted) await leaveRunning(stage, output, stop.signal);
    return problems.length === 0 ? 0 : 1;
  } finally {
    stop.abort(new Error("The demo is over"));
    await controller;
    Deno.removeSignalListener("SIGINT", onSignal);
    Deno.removeSignalListener("SIGTERM", onSignal);
    await stage.close();
  }
}

/** What can be bought before anybody wants it, over all clouds; and what could be had as containers. */
async function showOffers(stage: Stage, output: Output): Promise<void> {
  await runKubectlTgp(stage, output, ["providers"]);
  await runKubectlTgp(stage, output, ["offers", "--available", "--limit", "10"]);
  await runKubectlTgp(stage, output, ["offers", "RTX4090", "--limit", "4"]);
}

/** Prints both books and returns what is wrong with them. */
async function checkBill(
  stage: Stage,
  output: Output,
  lateMs: number,
): Promise<readonly string[]> {
  const rows = compareBills(
    await readLedger(stage.kube),
    stage.clouds,
    lateMs,
  );
  output.line("\nThe bill, ours against the clouds' own metering");
  for (const line of formatBill(rows)) output.line(line, "money");
  const total = sumUsd(rows.map(({ ours }) => ours));
  return [
    ...rows.flatMap(({ claim, problem }) => problem ? [`${claim}: ${problem}`] : []),
    ...(total < leastBill
      ? [`the bill is ${displayUsd(total)}, which is less than ${displayUsd(leastBill)}`]
      : []),
  ];
}

async function showLog(stage: Stage, output: Output): Promise<void> {
  const lines = (await Deno.readTextFile(stage.logPath).catch(() => "")).trimEnd().split("\n");
  output.line("\nThe controller's last words", "dim");
  for (const line of lines.slice(-20)) output.line(line, "dim");
}

async function leaveRunning(stage: Stage, output: Output, signal: AbortSignal): Promise<void> {
  output.line("\nStill running; Ctrl+C ends it. In another terminal:");
  output.line(`export KUBECONFIG=${stage.kubeconfigPath}`);
  for (const [name, url] of Object.entries(stage.urls)) output.line(`export ${name}=${url}`);
  output.line("kubectl get gnc,gnp,gnclaim,nodes -o wide", "dim");
  output.line("kubectl tgp offers", "dim");
  output.line("kubectl tgp providers check", "dim");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
