import assert from "node:assert/strict";

const root = new URL("..", import.meta.url).pathname;

/** Remembers what is global before the library is there, itself included. */
const before = `globalThis.namesBefore = [];
namesBefore.push(...Object.getOwnPropertyNames(globalThis));
`;

/** Ends by itself unless the library keeps a timer, a socket or a watch alive. */
const after = `
import "./before.js";
import * as library from ${JSON.stringify(`file://${root}mod.ts`)};
const added = Object.getOwnPropertyNames(globalThis).filter((name) => !namesBefore.includes(name));
console.log(JSON.stringify({ exports: Object.keys(library), added }));
`;

Deno.test("importing the library needs no permission and does nothing", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/before.js`, before);
    await Deno.writeTextFile(`${dir}/after.js`, after);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--config", `${root}deno.json`, `${dir}/after.js`],
      env: { NO_COLOR: "1" },
      stdin: "null",
      signal: AbortSignal.timeout(30_000),
    }).output();
    const decoder = new TextDecoder();
    assert.equal(decoder.decode(stderr), "");
    assert.equal(code, 0);
    // Exactly one line: the library itself printed nothing.
    const [line = "", ...more] = decoder.decode(stdout).trimEnd().split("\n");
    assert.deepEqual(more, []);
    const { exports, added } = JSON.parse(line);
    assert.ok(exports.length > 0, "the library exports nothing");
    // Two copies of zod in one program find each other this way.
    assert.deepEqual(added.filter((name: string) => !name.startsWith("__zod_")), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("the library's example runs as it is written", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-P", "--doc", "--quiet", "--config", `${root}deno.json`, `${root}mod.ts`],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
