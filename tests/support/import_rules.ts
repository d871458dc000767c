/**
 * Who may import whom: the table of the house style, section 1, and the search for edges it does not allow.
 *
 * @module
 */

import type { Import, ImportGraph } from "./import_graph.ts";

/** One allowed target of a layer's imports. */
interface Allowance {
  /** A folder with a trailing `/`, or one file. */
  readonly to: string;
  /** Whether only types may be taken. */
  readonly typeOnly?: true;
}

const generated: Allowance = { to: "generated/", typeOnly: true };
/** GraphQL documents are values: adapters send them. */
const documents: Allowance = { to: "generated/" };
const schemas: Allowance = { to: "schemas/" };
const runtime: Allowance = { to: "runtime/" };
const providers: Allowance = { to: "providers/" };
const scheduling: Allowance = { to: "scheduling/" };
const kube: Allowance = { to: "kube/" };
const contract: Allowance = { to: "providers/contract.ts", typeOnly: true };
const product = [generated, schemas, runtime, providers, scheduling, kube];

/**
 * What each layer may import besides itself. A layer is a folder at the top of the tree, or a file there.
 */
const layers: Readonly<Record<string, readonly Allowance[]>> = {
  "generated/": [],
  "schemas/": [generated],
  "runtime/": [],
  "providers/": [documents, schemas, runtime],
  "scheduling/": [schemas, contract],
  "kube/": [schemas, runtime],
  "controller/": product,
  "plugin/": product,
  // What the library offers: the domain, the decisions, the contract and its errors; nothing that runs.
  "mod.ts": [schemas, scheduling, { to: "providers/contract.ts" }, { to: "providers/errors.ts" }],
  "sim/": [...product, { to: "controller/" }, { to: "plugin/" }, { to: "generate/" }],
  // Our own generators: they read the domain and the plugin's help, and write `generated/`,
  // `manifests/crds/`, `docs/reference/`.
  "generate/": [schemas, runtime, providers, { to: "plugin/" }],
  "tests/": [{ to: "" }],
};

/** Parts of `providers/` that are no cloud, so that every cloud may use them. */
const sharedProviderFolders: ReadonlySet<string> = new Set(["catalog", "http", "offers"]);

/** The files that know every cloud: what it is, and how a client of it is made. */
const providerRegistry = "providers/registry.ts";
const cloudLists: ReadonlySet<string> = new Set(["providers/known_clouds.ts", providerRegistry]);

/** Every edge and circle of the graph that is not allowed, one line each. */
export function findImportViolations(graph: ImportGraph): string[] {
  const violations: string[] = [];
  for (const file of graph.files) {
    if (!(toLayer(file) in layers)) {
      violations.push(`${file}: the folder has no row in the import table`);
    }
  }
  for (const edge of graph.imports) {
    const problem = findProblem(edge);
    if (problem !== undefined) violations.push(`${edge.from} -> ${edge.to}: ${problem}`);
  }
  for (const circle of findCircles(graph)) {
    violations.push(`${circle.join(" -> ")}: a circle of imports`);
  }
  return violations;
}

function findProblem({ from, to, typeOnly }: Import): string | undefined {
  const [source, target] = [toLayer(from), toLayer(to)];
  if (source === target) return findProviderProblem(from, to);
  const allowances = (layers[source] ?? []).filter((allowance) => to.startsWith(allowance.to));
  if (allowances.length === 0) return `${source} may not import ${target}`;
  if (!typeOnly && allowances.every((allowance) => allowance.typeOnly)) {
    return `${source} may take only types from ${to}`;
  }
  return undefined;
}

/** Clouds know nothing of each other, and the shared parts nothing of any cloud. */
function findProviderProblem(from: string, to: string): string | undefined {
  const [source, target] = [toCloud(from), toCloud(to)];
  if (target === undefined || source === target || cloudLists.has(from)) return undefined;
  if (source === undefined) return `only ${providerRegistry} may import a cloud`;
  return "a cloud may not import another";
}

function toCloud(path: string): string | undefined {
  const [layer, folder, file] = path.split("/");
  if (layer !== "providers" || folder === undefined || file === undefined) return undefined;
  return sharedProviderFolders.has(folder) ? undefined : folder;
}

function toLayer(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? path : path.slice(0, slash + 1);
}

/**
 * Circles of files, each as the path that leads back to its start. Circles of types count: they load, but
 * nobody can read one of the files without the other.
 */
function findCircles(graph: ImportGraph): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of graph.imports) {
    targets.set(from, [...targets.get(from) ?? [], to]);
  }
  const circles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) circles.push([...path.slice(start), file]);
    if (start !== -1 || finished.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.files) visit(file, []);
  return circles;
}
