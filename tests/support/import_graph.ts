/**
 * The import graph of a source tree, as Deno itself resolves it.
 *
 * `deno info` is the truth about what a module imports (import map, re-exports, dynamic imports, type-only or
 * not) and takes a few hundredths of a second for the whole tree, so there is no scanner of our own. Only
 * modules that are named by `new URL("./x.ts", import.meta.url)`, as workers are, it does not know.
 *
 * @module
 */

/** One module that uses another of the same tree. Paths are relative to the root, with `/`. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether only types are used, so that nothing is left of the import at run time. */
  readonly typeOnly: boolean;
}

/** A source tree. */
export interface ImportGraph {
  /** Every source file, sorted. */
  readonly files: readonly string[];
  /** What they import of each other, and of other files in the tree (JSON, say). */
  readonly imports: readonly Import[];
}

/** The part of `deno info --json` that is used here. */
interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** Folders that hold no source of the tree. Those with a leading dot are never read. */
const skippedFolders: ReadonlySet<string> = new Set(["dist", "node_modules", "tests/fixtures"]);

/**
 * Reads the graph of every `.ts` file below a folder.
 *
 * @param root Absolute path of the folder.
 * @param configPath The `deno.json` whose import map applies.
 * @throws {Error} Deno could not read the graph.
 */
export async function readImportGraph(root: string, configPath: string): Promise<ImportGraph> {
  const files = (await listSources(root)).sort();
  const info = await readDenoInfo(root, configPath, files);
  const rootUrl = toFileUrl(`${root}/`);
  const toPath = (url: string | undefined) =>
    url?.startsWith(rootUrl) ? decodeURIComponent(url.slice(rootUrl.length)) : undefined;
  const imports: Import[] = [];
  for (const module of info.modules) {
    const from = toPath(module.specifier);
    if (from === undefined) continue;
    for (const { code, type } of module.dependencies ?? []) {
      const to = toPath(code?.specifier ?? type?.specifier);
      if (to !== undefined) imports.push({ from, to, typeOnly: code === undefined });
    }
  }
  for (const from of files) imports.push(...await readUrlImports(root, from, toPath));
  return { files, imports };
}

/** Lists the `.ts` files below a folder, relative to it. */
export async function listSources(root: string, folder = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || skippedFolders.has(path)) continue;
    if (entry.isDirectory) files.push(...await listSources(root, path));
    else if (entry.isFile && entry.name.endsWith(".ts")) files.push(path);
  }
  return files;
}

async function readDenoInfo(
  root: string,
  configPath: string,
  files: readonly string[],
): Promise<DenoInfo> {
  // One run over a module that imports them all; it lies outside so that the tree is not touched.
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) => `import ${JSON.stringify(toFileUrl(`${root}/${file}`))};`);
    await Deno.writeTextFile(entry, lines.join("\n"));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", configPath, entry],
    }).output();
    if (!success) {
      throw new Error(`Cannot read the import graph: ${new TextDecoder().decode(stderr)}`);
    }
    const info: DenoInfo = JSON.parse(new TextDecoder().decode(stdout));
    return info;
  } finally {
    await Deno.remove(entry);
  }
}

async function readUrlImports(
  root: string,
  from: string,
  toPath: (url: string) => string | undefined,
): Promise<Import[]> {
  const imports: Import[] = [];
  const text = await Deno.readTextFile(`${root}/${from}`);
  for (const match of text.matchAll(/new URL\(\s*"(\.[^"]+\.ts)",\s*import\.meta\.url,?\s*\)/g)) {
    const to = toPath(new URL(match[1] ?? "", toFileUrl(`${root}/${from}`)).href);
    if (to !== undefined) imports.push({ from, to, typeOnly: false });
  }
  return imports;
}

function toFileUrl(path: string): string {
  return new URL(`file://${encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F")}`).href;
}
