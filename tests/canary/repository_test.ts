/**
 * What lies in the repository: no planted secret, and in files that people copy, publish or generate,
 * nothing that looks like a credential.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findLeaks } from "../support/leaks.ts";
import { findLikelyKeys } from "../support/likely_keys.ts";
import { canaries } from "./canaries.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Not ours, or not kept. */
const skipped: ReadonlySet<string> = new Set([".git", "node_modules", "coverage"]);

/** Where nothing may even look like a key: recorded, generated, published. */
const bare = /^(tests\/fixtures|generated|manifests|docs|schemas|dist)\/|^[A-Z]+\.md$/;

/** Binary files hold no text to look through, and the lock holds checksums. */
const unread = /\.(png|gz|wasm)$|^deno\.lock$/;

async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(root + folder)) {
    if (skipped.has(name)) continue;
    if (isDirectory) files.push(...await listFiles(`${folder}${name}/`));
    else if (isFile && !unread.test(folder + name)) files.push(folder + name);
  }
  return files.sort();
}

const files = await listFiles("");
const texts = new Map(
  await Promise.all(
    files.map(async (file) => [file, await Deno.readTextFile(root + file)] as const),
  ),
);

Deno.test("the whole repository is looked through", () => {
  for (
    const file of [
      "deno.json",
      "generated/lambda.d.ts",
      "manifests/kustomization.yaml",
      "tests/canary/repository_test.ts",
      "tests/fixtures/lambda/exchanges/launch.json",
    ]
  ) assert.ok(texts.has(file), file);
});

Deno.test("no file but the one that makes them holds a planted secret", () => {
  const found = [...texts].filter(([, text]) => findLeaks(text, canaries).length > 0)
    .map(([file]) => file);
  // The pieces that they are put together from.
  assert.deepEqual(found, ["tests/canary/canaries.ts"]);
});

Deno.test("no fixture, generated file, manifest or document holds anything like a key", () => {
  const found = [...texts].filter(([file]) => bare.test(file))
    .flatMap(([file, text]) => findLikelyKeys(text).map((what) => `${file}: ${what}`));
  assert.deepEqual(found, []);
});
