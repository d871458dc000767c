import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { findOutdated, writeAll } from "../../generate/write_files.ts";

const files = new Map([
  ["manifests/crds/a.yaml", "a: 1\n"],
  ["docs/reference/a.md", "# a\n"],
]);

async function withTempRoot(run: (root: URL) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "tgp-generate-" });
  try {
    await run(pathToFileURL(`${dir}/`));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("writeAll() leaves nothing outdated", () =>
  withTempRoot(async (root) => {
    const before = await findOutdated(files, root);
    assert.deepEqual(before, [
      { path: "docs/reference/a.md", problem: "missing" },
      { path: "manifests/crds/a.yaml", problem: "missing" },
    ]);
    await writeAll(files, before, root);
    assert.deepEqual(await findOutdated(files, root), []);
    assert.equal(await Deno.readTextFile(new URL("docs/reference/a.md", root)), "# a\n");
  }));

Deno.test("findOutdated() names a file edited by hand, and one that nobody generates", () =>
  withTempRoot(async (root) => {
    await writeAll(files, await findOutdated(files, root), root);
    await Deno.writeTextFile(new URL("manifests/crds/a.yaml", root), "a: 2\n");
    await Deno.writeTextFile(new URL("manifests/crds/old.yaml", root), "");
    await Deno.writeTextFile(new URL("docs/reference/by_hand.md", root), "");
    assert.deepEqual(await findOutdated(files, root), [
      { path: "manifests/crds/a.yaml", problem: "different" },
      { path: "manifests/crds/old.yaml", problem: "not generated any more" },
    ]);
  }));

Deno.test("writeAll() removes what nobody generates any more", () =>
  withTempRoot(async (root) => {
    await writeAll(files, await findOutdated(files, root), root);
    const left = new Map([["docs/reference/a.md", "# a\n"]]);
    await writeAll(left, await findOutdated(left, root), root);
    await assert.rejects(Deno.stat(new URL("manifests/crds/a.yaml", root)), Deno.errors.NotFound);
  }));
