/**
 * Compares generated files with the working tree, and writes them.
 *
 * @module
 */

/** A file that is not as generated. */
export interface OutdatedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly problem: "missing" | "different" | "not generated any more";
}

/** Folders in which every file is generated, so that one nobody generates is a leftover. */
const ownedFolders = [
  "charts/tgp/",
  "charts/tgp/templates/",
  "generated/",
  "manifests/crds/",
] as const;

/** The files that are missing, differ, or should not be there; in the order of their paths. */
export async function findOutdated(
  files: ReadonlyMap<string, string>,
  root: URL,
): Promise<readonly OutdatedFile[]> {
  const outdated: OutdatedFile[] = [];
  for (const [path, content] of files) {
    const present = await readIfThere(new URL(path, root));
    if (present === undefined) outdated.push({ path, problem: "missing" });
    else if (present !== content) outdated.push({ path, problem: "different" });
  }
  for (const folder of ownedFolders) {
    for (const path of await listFolder(folder, root)) {
      if (!files.has(path)) outdated.push({ path, problem: "not generated any more" });
    }
  }
  return outdated.sort((left, right) => left.path < right.path ? -1 : 1);
}

/** Brings the outdated files up to date. */
export async function writeAll(
  files: ReadonlyMap<string, string>,
  outdated: readonly OutdatedFile[],
  root: URL,
): Promise<void> {
  for (const { path } of outdated) {
    const url = new URL(path, root);
    const content = files.get(path);
    if (content === undefined) {
      await Deno.remove(url);
      continue;
    }
    await Deno.mkdir(new URL("./", url), { recursive: true });
    await Deno.writeTextFile(url, content);
  }
}

async function readIfThere(url: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function listFolder(folder: string, root: URL): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for await (const entry of Deno.readDir(new URL(folder, root))) {
      if (entry.isFile) paths.push(`${folder}${entry.name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths;
}
