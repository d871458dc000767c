import assert from "node:assert/strict";
import { listSources } from "./support/import_graph.ts";

const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** Folders of `tests/` that test no single source file: whole systems, measurements, one suite for many. */
const exemptFolders = [
  "tests/e2e/",
  "tests/bench/",
  "tests/canary/",
  "tests/contract/",
  "tests/live/",
  "tests/manifests/",
  "tests/simulation/",
];

/** Tests of the repository itself, of what several files do together, and against somebody else's program. */
const exemptFiles: ReadonlySet<string> = new Set([
  "tests/architecture_test.ts",
  "tests/ci_run_test.ts",
  "tests/controller/admission/wrong_ways_test.ts",
  "tests/generate/parity_test.ts",
  "tests/kube/kubeconfig_oracle_test.ts",
  "tests/live_run_test.ts",
  "tests/mirror_test.ts",
  "tests/plugin/offers/local_offers_test.ts",
  "tests/plugin/offers/published_offers_test.ts",
  "tests/providers/replay_test.ts",
  "tests/schemas/vendors_test.ts",
]);

/** Tests whose source file is not where the mirror wants it. Pure: `files` are paths from the root. */
function findStrayTests(files: readonly string[]): string[] {
  const all = new Set(files);
  return files
    .filter((file) => file.startsWith("tests/") && file.endsWith("_test.ts"))
    .filter((file) => !exemptFiles.has(file))
    .filter((file) => !exemptFolders.some((folder) => file.startsWith(folder)))
    .map((file) => ({ file, source: toSource(file) }))
    .filter(({ source }) => !all.has(source))
    .map(({ file, source }) => `${file}: there is no ${source}`);
}

/** `tests/kube/watch_test.ts` tests `kube/watch.ts`; what tests share is tested beside it. */
function toSource(file: string): string {
  const source = file.replace(/_test\.ts$/, ".ts");
  return source.startsWith("tests/support/") ? source : source.slice("tests/".length);
}

Deno.test("every test file mirrors a source file", async () => {
  const files = await listSources(root);
  assert.ok(files.includes("tests/mirror_test.ts"), "the list is not that of the repository");
  assert.deepEqual(findStrayTests(files), []);
});

Deno.test("no test file lies outside tests/", async () => {
  const files = await listSources(root);
  assert.deepEqual(
    files.filter((file) => !file.startsWith("tests/") && /_test\.ts$/.test(file)),
    [],
  );
});

Deno.test("findStrayTests() names tests without their source", () => {
  const files = [
    "kube/watch.ts",
    "mod.ts",
    "tests/support/fake_clock.ts",
    "tests/kube/watch_test.ts",
    "tests/kube/informer_test.ts",
    "tests/support/fake_clock_test.ts",
    "tests/support/fake_log_test.ts",
    "tests/e2e/control_plane_test.ts",
    "tests/architecture_test.ts",
    "tests/mod_test.ts",
  ];
  assert.deepEqual(findStrayTests(files), [
    "tests/kube/informer_test.ts: there is no kube/informer.ts",
    "tests/support/fake_log_test.ts: there is no tests/support/fake_log.ts",
  ]);
});
