import assert from "node:assert/strict";
import { findGlobalUses, type GuardedGlobal } from "./support/global_uses.ts";
import { type Import, type ImportGraph, readImportGraph } from "./support/import_graph.ts";
import { findImportViolations } from "./support/import_rules.ts";

const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const configPath = `${root}/deno.json`;

/** The programs and their threads: they build the adapters that everything else is given. */
const mains: ReadonlySet<string> = new Set([
  "controller/main.ts",
  "controller/webhook_worker.ts",
  "plugin/main.ts",
]);

/** The adapters: what else of the product may touch which global. Every entry is needed, see the test. */
const allowedGlobals: Readonly<Record<string, readonly GuardedGlobal[]>> = {
  "kube/fetch_connector.ts": ["fetch"],
  "kube/system.ts": ["Deno.env"],
  "runtime/clock.ts": ["Date.now", "setTimeout"],
  "runtime/random.ts": ["Math.random"],
};

const productFolders = /^(schemas|runtime|providers|scheduling|kube|controller|plugin)\/|^mod\.ts$/;

Deno.test("imports go only where the import table allows, and never in a circle", async () => {
  const graph = await readImportGraph(root, configPath);
  assert.ok(graph.imports.length > graph.files.length, "the graph is not the real one");
  assert.deepEqual(findImportViolations(graph), []);
});

Deno.test("one forbidden import in a tree is found", async () => {
  const tree = `${root}/tests/fixtures/architecture/forbidden_import`;
  const graph = await readImportGraph(tree, configPath);
  assert.equal(graph.files.length, 4);
  assert.equal(graph.imports.length, 4);
  assert.deepEqual(findImportViolations(graph), [
    "plugin/show.ts -> controller/count.ts: plugin/ may not import controller/",
  ]);
});

/** A graph from lines like `a.ts -> b.ts`, or `a.ts => b.ts` for types only. */
function toGraph(lines: readonly string[]): ImportGraph {
  const imports: Import[] = lines.map((line) => {
    const [, from = "", arrow = "", to = ""] = /^(\S+) (->|=>) (\S+)$/.exec(line) ?? [];
    return { from, to, typeOnly: arrow === "=>" };
  });
  const files = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].sort();
  return { files, imports };
}

Deno.test("findImportViolations() allows what the table allows", () => {
  const allowed = [
    "schemas/money.ts => generated/lambda.d.ts",
    "providers/lambda/client.ts -> generated/documents.ts",
    "providers/lambda/client.ts -> runtime/clock.ts",
    "providers/lambda/mod.ts -> providers/errors.ts",
    "providers/lambda/mod.ts -> providers/catalog/codec.ts",
    "providers/registry.ts -> providers/lambda/mod.ts",
    "scheduling/rank.ts => providers/contract.ts",
    "kube/watch.ts -> schemas/kubernetes.ts",
    "controller/main.ts -> providers/registry.ts",
    "plugin/main.ts -> scheduling/rank.ts",
    "mod.ts -> scheduling/rank.ts",
    "sim/demo/main.ts -> controller/main.ts",
    "generate/main.ts -> schemas/money.ts",
    "tests/mod_test.ts -> mod.ts",
    "tests/kube/watch_test.ts -> tests/support/fake_clock.ts",
  ];
  assert.deepEqual(findImportViolations(toGraph(allowed)), []);
});

Deno.test("findImportViolations() refuses everything else", async (t) => {
  const refused = [
    ["runtime/log.ts -> schemas/money.ts", "runtime/ may not import schemas/"],
    ["generated/lambda.d.ts => schemas/money.ts", "generated/ may not import schemas/"],
    ["schemas/money.ts -> generated/lambda.ts", "schemas/ may take only types"],
    ["schemas/money.ts => runtime/clock.ts", "schemas/ may not import runtime/"],
    ["scheduling/rank.ts -> providers/contract.ts", "scheduling/ may take only types"],
    ["scheduling/rank.ts => providers/errors.ts", "scheduling/ may not import providers/"],
    ["scheduling/rank.ts => runtime/clock.ts", "scheduling/ may not import runtime/"],
    ["kube/watch.ts => providers/contract.ts", "kube/ may not import providers/"],
    ["providers/registry.ts => kube/kube.ts", "providers/ may not import kube/"],
    ["providers/lambda/map.ts => providers/runpod/map.ts", "a cloud may not import another"],
    ["providers/errors.ts -> providers/lambda/errors.ts", "only providers/registry.ts may"],
    ["controller/main.ts => plugin/main.ts", "controller/ may not import plugin/"],
    ["plugin/main.ts => controller/main.ts", "plugin/ may not import controller/"],
    ["controller/main.ts => sim/handler.ts", "controller/ may not import sim/"],
    ["controller/main.ts => mod.ts", "controller/ may not import mod.ts"],
    ["sim/demo/main.ts => mod.ts", "sim/ may not import mod.ts"],
    ["sim/handler.ts => tests/support/fake_clock.ts", "sim/ may not import tests/"],
    ["mod.ts => kube/kube.ts", "mod.ts may not import kube/"],
    ["mod.ts => tests/support/fake_clock.ts", "mod.ts may not import tests/"],
    ["generate/main.ts => controller/main.ts", "generate/ may not import controller/"],
  ] as const;
  for (const [line, problem] of refused) {
    await t.step(line, () => {
      const violations = findImportViolations(toGraph([line]));
      assert.equal(violations.length, 1);
      assert.ok(violations[0]?.includes(problem), violations[0] ?? "no violation");
    });
  }
});

Deno.test("findImportViolations() names circles and unknown folders", () => {
  const circle = toGraph([
    "kube/a.ts -> kube/b.ts",
    "kube/b.ts => kube/c.ts",
    "kube/c.ts -> kube/a.ts",
  ]);
  assert.deepEqual(findImportViolations(circle), [
    "kube/a.ts -> kube/b.ts -> kube/c.ts -> kube/a.ts: a circle of imports",
  ]);
  assert.deepEqual(findImportViolations({ files: ["helpers/a.ts"], imports: [] }), [
    "helpers/a.ts: the folder has no row in the import table",
  ]);
});

Deno.test("product code is given time, randomness, environment and network", async () => {
  const { files } = await readImportGraph(root, configPath);
  const used = new Set<string>();
  const violations: string[] = [];
  for (const path of files.filter((file) => productFolders.test(file) && !mains.has(file))) {
    for (const { name, line } of findGlobalUses(path, await Deno.readTextFile(`${root}/${path}`))) {
      if (allowedGlobals[path]?.includes(name)) used.add(`${path} ${name}`);
      else violations.push(`${path}:${line} uses ${name}`);
    }
  }
  assert.deepEqual(violations, []);
  const allowances = Object.entries(allowedGlobals)
    .flatMap(([path, names]) => names.map((name) => `${path} ${name}`));
  assert.deepEqual(allowances.filter((allowance) => !used.has(allowance)), [], "unused allowances");
});

Deno.test("findGlobalUses() sees values, and neither text, types nor local names", () => {
  const uses = (source: string) => findGlobalUses("x.ts", source).map(({ name }) => name);
  assert.deepEqual(uses("await fetch(url);"), ["fetch"]);
  assert.deepEqual(uses("const deps = { fetch, log };"), ["fetch"]);
  assert.deepEqual(uses("run(options.fetch ?? fetch);"), ["fetch"]);
  assert.deepEqual(uses("run(globalThis.fetch);"), ["fetch"]);
  assert.deepEqual(uses("function get(call = fetch) {}"), ["fetch"]);
  assert.deepEqual(uses("const now = () => Date.now() + new Date().getTime();"), [
    "Date.now",
    "new Date",
  ]);
  assert.deepEqual(uses("`${Deno.env.get('HOME')}`; Deno.exit(1);"), ["Deno.env", "Deno.exit"]);
  assert.deepEqual(uses("AbortSignal.timeout(5); setTimeout(go, Math.random());"), [
    "AbortSignal.timeout",
    "setTimeout",
    "Math.random",
  ]);
  assert.deepEqual(findGlobalUses("x.ts", "a();\n\nfetch(b);"), [{ name: "fetch", line: 3 }]);

  assert.deepEqual(uses("// fetch(url)\nconst text = 'Date.now()';"), []);
  assert.deepEqual(uses("new Date(ms); AbortSignal.any([]); Deno.readFile(path);"), []);
  assert.deepEqual(uses("type Fetch = typeof globalThis.fetch; type F = typeof fetch;"), []);
  assert.deepEqual(uses("interface Deps { readonly fetch: Fetch; setTimeout(): void }"), []);
  assert.deepEqual(uses("deps.fetch(url); this.#clock.setTimeout(a); ({ fetch: mine });"), []);
  assert.deepEqual(uses("const { fetch } = deps; await fetch(url);"), []);
  assert.deepEqual(uses("function get({ fetch }: Deps) { return () => fetch(url); }"), []);
  assert.deepEqual(uses("import { fetch } from './x.ts'; fetch(url);"), []);
  assert.deepEqual(
    uses("class A { constructor(readonly fetch: F) { fetch(url); } fetch() {} }"),
    [],
  );
});
