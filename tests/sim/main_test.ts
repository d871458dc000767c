import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "sim/main.ts", ...args],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The first line that a process prints. */
async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text.split("\n")[0] ?? "";
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`sim prints where it listens, serves, and ends on ${signal}`, async () => {
    const meet = new Date(Date.now() + 3_600_000).toISOString();
    const process = start("--time-rate", "60", "--time-meet", meet, "--lambda-key", "k1");
    const ready = JSON.parse(await readLine(process.stdout));
    assert.deepEqual(ready.time, { rate: 60, meet });
    assert.equal(ready.lambda.apiKey, "k1");
    const response = await fetch(`${ready.lambda.url}/api/v1/regions`, {
      headers: { authorization: "Bearer k1" },
    });
    assert.equal(response.status, 200);
    await response.body?.cancel();
    process.kill(signal);
    assert.equal((await process.status).code, 0);
    await process.stderr.cancel();
  });
}

Deno.test("sim explains wrong usage and exits with 2", async () => {
  const cases: [string[], RegExp][] = [
    [["--lambda-port", "70000"], /--lambda-port "70000": write a number from 0 to 65535/],
    [["--time-rate", "10"], /--time-rate needs --time-meet/],
    [["--time-rate", "61", "--time-meet", "2026-01-01T00:00:00Z"], /from 1 to 60/],
    [["--time-meet", "tomorrow"], /write an RFC 3339 time/],
    [["--odd"], /--odd/],
  ];
  for (const [args, expected] of cases) {
    const { code, stderr } = await start(...args).output();
    assert.equal(code, 2);
    assert.match(new TextDecoder().decode(stderr), expected);
  }
});

Deno.test("sim says when its port is taken and exits with 1", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { code, stderr } = await start("--lambda-port", String(listener.addr.port)).output();
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), /Cannot listen on 127\.0\.0\.1:\d+/);
  } finally {
    listener.close();
  }
});
