/**
 * Steps of cases that use kubectl.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Json } from "../../sim/api_server/json.ts";
import type { KubectlCluster } from "./cluster.ts";

/** Runs kubectl, which must succeed. @returns What it printed. */
export async function run(cluster: KubectlCluster, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.kubectl(args);
  assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** Runs kubectl on objects from standard input. @returns What it printed, and what it complained of. */
export async function feed(
  cluster: KubectlCluster,
  objects: Json | readonly Json[],
  ...args: string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const list = Array.isArray(objects) ? objects : [objects];
  const text = list.map((object) => JSON.stringify(object)).join("\n---\n");
  return await cluster.kubectl([...args, "-f", "-"], text);
}

/** The same, which must succeed. @returns What it printed. */
export async function feedOk(
  cluster: KubectlCluster,
  objects: Json | readonly Json[],
  ...args: string[]
): Promise<string> {
  const { code, stdout, stderr } = await feed(cluster, objects, ...args);
  assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The words of each line, ages left out. */
export function words(table: string): readonly (readonly string[])[] {
  return table.trimEnd().split("\n").map((line) =>
    line.trim().split(/\s{2,}/).filter((word) => !/^(\d+[smhd]){1,2}$/.test(word))
  );
}
