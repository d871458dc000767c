import assert from "node:assert/strict";

const program = `
import { untilInterrupted } from "${new URL("../../plugin/until_interrupted.ts", import.meta.url)}";
const result = await untilInterrupted((signal) =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      console.log(signal.reason.name);
      if (!Deno.args.includes("stubborn")) resolve("in order");
    });
    console.log("ready");
    setTimeout(resolve, 20_000);
  })
);
console.log(result);
Deno.exit(0);
`;

/** Runs the program and sends a signal with each line it prints, as often as asked. */
async function run(name: Deno.Signal, times: number, ...args: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--ext=ts", "-", ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  let printed = "";
  let sent = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (sent++ < times) child.kill(name);
  }
  return { printed: printed.trim().split("\n"), status: await child.status };
}

for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`untilInterrupted() turns ${name} into a signal to stop in order`, async () => {
    const { printed, status } = await run(name, 1);
    assert.deepEqual(printed, ["ready", "InterruptedError", "in order"]);
    assert.equal(status.code, 0);
  });
}

Deno.test("untilInterrupted() leaves the second Ctrl-C to the system", async () => {
  const { printed, status } = await run("SIGINT", 2, "stubborn");
  assert.deepEqual(printed, ["ready", "InterruptedError"]);
  assert.equal(status.signal, "SIGINT");
});
