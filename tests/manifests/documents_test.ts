import assert from "node:assert/strict";
import { providerNames } from "../../providers/registry.ts";

const root = new URL("../../", import.meta.url);
const documents = ["README.md", "CHANGELOG.md", ...await listPages("docs/")];
const texts = new Map(
  await Promise.all(documents.map(async (path) => [path, await read(path)] as const)),
);
/** What has no date is true now; decisions are frozen. */
const current = [...texts].filter(([path]) => !path.startsWith("docs/decisions/"));

Deno.test("every link leads to a page, and to a heading of it", async () => {
  const dead: string[] = [];
  for (const [path, text] of texts) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (!await leadsSomewhere(path, target)) dead.push(`${path}: ${target}`);
    }
  }
  assert.deepEqual(dead, []);
});

Deno.test("links are told from dead ones", async () => {
  assert.ok(await leadsSomewhere("docs/install.md", "runbook.md#tgpnoleader"));
  assert.ok(await leadsSomewhere("docs/runbook.md", "#tgpnoleader"));
  assert.ok(!await leadsSomewhere("docs/install.md", "runbook.md#no-such-heading"));
  assert.ok(!await leadsSomewhere("docs/install.md", "no_such_page.md"));
});

Deno.test("files and folders that are named are there", async () => {
  const folders = await listFolders();
  const missing: string[] = [];
  for (const [path, text] of current) {
    for (const [, named = ""] of text.matchAll(/`([\w.<>-]+\/[\w./<>-]*)`/g)) {
      if (!folders.some((folder) => named.startsWith(folder))) continue;
      const clouds = named.includes("<cloud>") ? providerNames : [""];
      for (const cloud of clouds) {
        const real = named.replaceAll("<cloud>", cloud);
        if (!await exists(real)) missing.push(`${path}: ${real}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("tasks that are named are in deno.json", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  const named = current.flatMap(([path, text]) =>
    [...text.matchAll(/\bdeno(?:@[\d.]+)? task ([\w:]+)/g)].map(([, task = ""]) => ({ path, task }))
  );
  assert.ok(named.length > 10);
  for (const { path, task } of named) assert.ok(task in tasks, `${path}: deno task ${task}`);
});

Deno.test("commands of kubectl tgp that are named exist, with their flags", async () => {
  const sections = readCommands(await read("docs/reference/kubectl-tgp.md"));
  const everywhere = sections.get("Flags of every command") ?? "";
  const wrong: string[] = [];
  for (const [path, text] of current) {
    for (const [line, words = "", rest = ""] of text.matchAll(/kubectl tgp ([a-z]+)([^`\n#]*)/g)) {
      const name = [`${words}${/^ [a-z]+/.exec(rest)?.[0] ?? ""}`, words]
        .find((command) => sections.has(command));
      const help = (sections.get(name ?? "") ?? "") + everywhere;
      const flags = [...rest.matchAll(/(?<=\s)--[\w-]+/g)].map(([flag]) => flag);
      if (name === undefined || flags.some((flag) => !help.includes(`${flag}=`))) {
        wrong.push(`${path}: ${line}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}

async function listPages(folder: string): Promise<string[]> {
  const pages: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) pages.push(...await listPages(`${folder}${name}/`));
    else if (name.endsWith(".md")) pages.push(`${folder}${name}`);
  }
  return pages.sort();
}

/** Of the repository's root, with a slash. */
async function listFolders(): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(root));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => `${name}/`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, root)).then(() => true, () => false);
}

async function leadsSomewhere(from: string, target: string): Promise<boolean> {
  if (/^https?:/.test(target)) return true;
  const url = new URL(target, new URL(from, root));
  const heading = url.hash.slice(1);
  url.hash = "";
  const text = await Deno.readTextFile(url).catch(() => undefined);
  if (heading === "") {
    return text !== undefined || await Deno.stat(url).then(() => true, () => false);
  }
  return [...(text ?? "").matchAll(/^#+ (.+)$/gm)].some(([, title = ""]) =>
    toAnchor(title) === heading
  );
}

/** As GitHub makes it. */
function toAnchor(title: string): string {
  return title.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
}

/** Help texts by command. */
function readCommands(reference: string): ReadonlyMap<string, string> {
  const sections = reference.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf("\n")), section]));
}
