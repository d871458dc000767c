import assert from "node:assert/strict";

/** Answers like `npx -y deno@… task <name>`: with the file and the exit code prepared for the task. */
const fakeNpx = `#!/bin/sh
for task; do :; done
dir=$(dirname "$0")
echo "$*" >>"$dir/calls"
[ ! -e "$dir/$task.out" ] || cat "$dir/$task.out"
[ ! -e "$dir/$task.code" ] || exit "$(cat "$dir/$task.code")"
`;

const green = "\u001b[0m\u001b[32mok\u001b[0m | 10 passed (4 steps) | 0 failed (1s)\n";

/** What each task prints and how it ends; tasks not named print nothing and succeed. */
type Answers = Readonly<Record<string, { readonly output?: string; readonly code?: number }>>;

async function runCi(answers: Answers) {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/npx`, fakeNpx, { mode: 0o755 });
    for (const [task, { output = "", code = 0 }] of Object.entries(answers)) {
      await Deno.writeTextFile(`${dir}/${task}.out`, output);
      await Deno.writeTextFile(`${dir}/${task}.code`, String(code));
    }
    const { code, stdout } = await new Deno.Command("bash", {
      args: [new URL("../.ci/run", import.meta.url).pathname],
      cwd: dir,
      clearEnv: true,
      env: { PATH: `${dir}:${Deno.env.get("PATH") ?? ""}`, CI: "true" },
      stdin: "null",
    }).output();
    const output = new TextDecoder().decode(stdout);
    return {
      code,
      output,
      lastLine: output.trimEnd().split("\n").at(-1),
      calls: (await Deno.readTextFile(`${dir}/calls`)).trim().split("\n"),
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test(".ci/run runs the README's test command, then every check, then e2e", async () => {
  const { code, lastLine, calls } = await runCi({
    test: { output: green },
    e2e: { output: green },
  });
  assert.equal(lastLine, "24 passed, 0 failed");
  assert.equal(code, 0);
  const tasks = ["test", "fmt:check", "lint", "check", "generate:check", "e2e"];
  assert.deepEqual(calls, tasks.map((task) => `-y deno@2.9.6 task ${task}`));
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  assert.ok(readme.includes(`npx ${calls[0]}`), "README.md names another test command");
});

Deno.test(".ci/run counts failed and ignored tests, and names the ignored ones", async () => {
  const red = "a case ... ignored (0ms)\nFAILED | 5 passed | 2 failed | 1 ignored (1s)\n";
  const { code, lastLine, output } = await runCi({
    test: { output: red, code: 1 },
    e2e: { output: green },
  });
  assert.equal(lastLine, "19 passed, 2 failed, 1 skipped");
  assert.equal(code, 1);
  assert.match(output, /!!! SKIPPED in test: 1\na case \.\.\. ignored/);
  assert.match(output, /!!! FAILED: test\n/);
});

Deno.test(".ci/run counts a suite that crashed, or ran nothing, as one failure", async () => {
  const crashed = await runCi({
    test: { output: "error: Type checking failed\n", code: 1 },
    e2e: { output: green },
  });
  assert.equal(crashed.lastLine, "14 passed, 1 failed");
  assert.equal(crashed.code, 1);
  const empty = await runCi({ test: { output: green }, e2e: {} });
  assert.equal(empty.lastLine, "14 passed, 1 failed");
  const afterwards = await runCi({ test: { output: green, code: 9 }, e2e: { output: green } });
  assert.equal(afterwards.lastLine, "24 passed, 1 failed");
  assert.equal(afterwards.code, 1);
});

Deno.test(".ci/run fails when one check fails, and still runs the rest", async () => {
  const { code, lastLine, calls } = await runCi({
    test: { output: green },
    "generate:check": { output: "differs\n", code: 3 },
    e2e: { output: green },
  });
  assert.equal(lastLine, "23 passed, 1 failed");
  assert.equal(code, 1);
  assert.equal(calls.length, 6);
});
