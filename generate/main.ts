/**
 * Writes everything that is made from `schemas/`: clients, CustomResourceDefinitions, reference pages; and
 * from `manifests/`: the Helm chart.
 *
 * ```sh
 * deno task generate          # write what differs
 * deno task generate:check    # exit 1, naming the files, if anything differs
 * ```
 *
 * @module
 */

import { generateChart } from "./chart/chart.ts";
import { generateClients } from "./clients.ts";
import { generateCrds } from "./crds.ts";
import { generateGraphqlClients } from "./graphql_clients.ts";
import { generateReference } from "./reference.ts";
import { findOutdated, writeAll } from "./write_files.ts";

const root = new URL("../", import.meta.url);

/** Generates, and writes or checks. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== "--check");
  if (unknown !== undefined) {
    print(`error: unknown argument "${unknown}": the only one is --check`);
    return 2;
  }
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  const { version } = JSON.parse(await read("deno.json"));
  const generated = new Map([
    ...await generateClients(),
    ...await generateGraphqlClients(),
    ...generateCrds(version),
    ...generateReference(),
  ]);
  const files = new Map([...generated, ...await generateChart({ read, generated })]);
  const outdated = await findOutdated(files, root);
  if (args.includes("--check")) {
    for (const { path, problem } of outdated) print(`${path}: ${problem}`);
    if (outdated.length > 0) print("Run `deno task generate` and commit the result.");
    return outdated.length > 0 ? 1 : 0;
  }
  await writeAll(files, outdated, root);
  for (const { path, problem } of outdated) print(`${path}: was ${problem}`);
  return 0;
}

function print(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
