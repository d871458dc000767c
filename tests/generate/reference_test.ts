import assert from "node:assert/strict";
import { generateReference } from "../../generate/reference.ts";
import { commands } from "../../plugin/commands.ts";

const pages = generateReference();

Deno.test("generateReference() gives a page per resource and one for the plugin", () => {
  assert.deepEqual([...pages.keys()], [
    "docs/reference/gpunodeclass.md",
    "docs/reference/gpunodepool.md",
    "docs/reference/gpunodeclaim.md",
    "docs/reference/kubectl-tgp.md",
  ]);
});

Deno.test("generateReference() lists fields with type, default and bounds, required ones in bold", () => {
  const pool = pages.get("docs/reference/gpunodepool.md") ?? "";
  assert.match(pool, /^\| \*\*`nodeClassRef\.name`\*\* \| string \|/m);
  assert.match(pool, /^\| `weight` \| integer \| `10` \| 1 to 100 \| Where several pools/m);
  assert.match(pool, /^\| `podSelector` \| object \| all pods \|/m);
  assert.match(pool, /^\| `WithinBudget` \| No limit is reached \|$/m);
  assert.match(pool, /^\| `LimitReached` \| A limit is reached/m);
});

Deno.test("generateReference() tells a rule where its field is, not where the field's object is", () => {
  const page = pages.get("docs/reference/gpunodeclass.md") ?? "";
  const row = (field: string) =>
    page.split("\n").find((line) => line.includes(`| \`${field}\` |`)) ?? "";
  assert.match(row("providers[].runpod"), /set provider: runpod/);
  assert.match(page, /^\| \*\*`providers`\*\* \|(?!.*set provider)/m);
});

Deno.test("generateReference() names the fields that can be selected by", () => {
  assert.match(pages.get("docs/reference/gpunodeclaim.md") ?? "", /`spec\.nodePoolRef\.name`/);
  assert.doesNotMatch(pages.get("docs/reference/gpunodeclass.md") ?? "", /## Field selectors/);
});

Deno.test("generateReference() has a table row for every line: no cell breaks one", () => {
  for (const [path, text] of pages) {
    const tables = text.split("\n").filter((line) => line.startsWith("|"));
    for (const line of tables) assert.match(line, /\|$/, `${path}: ${line}`);
  }
});

Deno.test("generateReference() shows the help of every command", () => {
  const page = pages.get("docs/reference/kubectl-tgp.md") ?? "";
  for (const { path } of commands) {
    assert.match(page, new RegExp(`^## ${path.join(" ")}\n\n\`\`\`text\n`, "m"));
  }
});
