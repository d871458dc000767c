/**
 * The task `test:live` itself, against the simulated clouds: as somebody with three keys would run it, and
 * somebody with none.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findRegistration, providerNames } from "../providers/registry.ts";
import { findLeaks } from "./support/leaks.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const liveVariables = /^TGP_|_API_KEY$/;

/** Runs the task's command with nothing but these live variables. */
async function runLive(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const [, ...words] = String(tasks["test:live"]).split(" ");
  const inherited = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !liveVariables.test(name)
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words.flatMap((word) => word === "-A" ? ["-A", "--no-check"] : [word]), ...args],
    cwd: root,
    clearEnv: true,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

interface ReadyCloud {
  readonly url: string;
  readonly apiKey: string;
}

/** The simulated clouds as a process, sixty times faster than real: their machines end within a second. */
async function startClouds() {
  const meet = new Date(Date.now() + 3 * 60 * 60_000).toISOString();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "sim/main.ts", "--time-rate", "60", "--time-meet", meet],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  const ready: Readonly<Record<string, ReadyCloud>> = JSON.parse(value);
  return {
    ready,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** What somebody with a key of a cloud would set. */
function environmentOf(name: typeof providerNames[number], cloud: ReadyCloud) {
  const { apiKeyVariable, urlVariable } = findRegistration(name);
  return {
    [apiKeyVariable]: cloud.apiKey,
    [urlVariable]: cloud.url,
    TGP_LIVE_LAUNCH: "1",
    TGP_LIVE_LOOK_SECONDS: "1",
  };
}

Deno.test("test:live reads, rents, gives back, and runs the controller, for each cloud", async () => {
  await using clouds = await startClouds();
  const { ready } = clouds;
  // Each account has limits of its own: side by side they take as long as the slowest.
  const runs = await Promise.all(providerNames.map(async (name) => {
    const cloud = ready[name] ?? assert.fail(`${name} is not simulated`);
    return { name, cloud, ...await runLive(environmentOf(name, cloud), "--controller") };
  }));
  for (const { name, cloud, code, output } of runs) {
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^${name}: reads \\.\\.\\. ok`, "m"));
    assert.match(output, /^ {2}answers are as the documents have them \.\.\. ok/m);
    assert.match(output, new RegExp(`^${name}: launched `, "m"));
    assert.match(output, new RegExp(`^${name}: tgp-tgplv0-live-[a-z0-9]{6} is gone$`, "m"));
    assert.match(output, /^the controller knows every account \.\.\. ok/m);
    const others = providerNames.length - 1;
    assert.equal(output.match(/^!!! SKIPPED: /mg)?.length, others);
    assert.deepEqual(findLeaks(output, [cloud.apiKey]), []);
  }
});

Deno.test("test:live without keys skips everything, loudly", async () => {
  const { code, output } = await runLive({}, "--controller");
  assert.equal(code, 0, output);
  for (const name of providerNames) {
    const { apiKeyVariable } = findRegistration(name);
    assert.match(
      output,
      new RegExp(`^!!! SKIPPED: ${name}: there is no key in ${apiKeyVariable}$`, "m"),
    );
  }
  assert.match(output, /0 passed \| 0 failed/);
});

Deno.test("test:live buys nothing dearer than it is told", async () => {
  await using clouds = await startClouds();
  const cloud = clouds.ready["lambda"];
  assert.ok(cloud !== undefined);
  const { code, output } = await runLive({
    ...environmentOf("lambda", cloud),
    TGP_LIVE_MAX_PRICE: "0.01",
  });
  assert.equal(code, 1);
  assert.match(output, /the cheapest offer costs 0\.2 USD\/h, TGP_LIVE_MAX_PRICE allows 0\.01/);
  assert.doesNotMatch(output, /^lambda: (renting|launched)/m);
});
