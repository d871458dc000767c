import assert from "node:assert/strict";
import { parseContainerfile, readEntrypoint } from "../support/containerfile.ts";

const root = new URL("../../", import.meta.url);

/** Scrapes itself before and after another thread has filled 100 MB. */
const program = `
import { Worker } from "node:worker_threads";
import { createPrometheusMetrics } from "${new URL("runtime/prometheus.ts", root)}";

const scrape = () => createPrometheusMetrics({}).expose();
const before = await scrape();
const worker = new Worker(\`
  const { parentPort } = require("node:worker_threads");
  const held = Array.from({ length: 100 }, () => new Uint8Array(1e6).fill(1));
  parentPort.once("message", () => console.error(held.length));
  parentPort.postMessage("filled");
\`, { eval: true });
await new Promise((resolve) => worker.once("message", resolve));
console.log(JSON.stringify([before, await scrape()]));
Deno.exit(0);
`;

Deno.test("what a process uses is told of all its threads, with the image's permissions", async () => {
  const [, image] = parseContainerfile(await Deno.readTextFile(new URL("Containerfile", root)));
  const granted = readEntrypoint(image).filter((flag) => flag.startsWith("--allow-"));
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, program);
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--config", "deno.json", ...granted, path],
    cwd: root,
  }).output();
  await Deno.remove(path);
  assert.ok(success, new TextDecoder().decode(stderr));
  const texts: readonly string[] = JSON.parse(new TextDecoder().decode(stdout));
  const [before = new Map(), after = new Map()] = texts.map(readSamples);
  for (const [name, value] of after) assert.ok(value > 0, `${name} ${value}`);
  const began = after.get("process_start_time_seconds") ?? 0;
  assert.ok(Math.abs(Date.now() / 1e3 - began) < 60, `${began}`);
  const grownBy = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  assert.ok(grownBy("process_resident_memory_bytes") > 80e6);
  assert.ok(grownBy("process_cpu_seconds_total") > 0);
  assert.ok(grownBy("nodejs_heap_size_total_bytes") < 20e6);
});

function readSamples(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name = "", value]) => [name, Number(value)]),
  );
}
