import assert from "node:assert/strict";
import { metricsHelp } from "../../controller/metrics_help.ts";
import { reasons } from "../../schemas/conditions.ts";
import { reasonMeanings } from "../../schemas/reason_meanings.ts";
import { readAlerts, readLabels, readMetricNames } from "../support/alerts.ts";
import { listSources } from "../support/import_graph.ts";

const root = new URL("../../", import.meta.url);

const read = (path: string) => Deno.readTextFile(new URL(path, root));

const runbook = await read("docs/runbook.md");
const [alertsPart = "", reasonsPart = ""] = runbook.split("\n## ").slice(1);

const alerts = await readAlerts();

Deno.test("every alert has its section in the runbook, and no section is without an alert", () => {
  const headings = [...alertsPart.matchAll(/^### (\S+)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings.toSorted(), alerts.map(({ alert }) => alert).toSorted());
  assert.equal(new Set(headings).size, headings.length);
});

Deno.test("every section goes from meaning over check to fix", () => {
  for (const section of alertsPart.split("\n### ").slice(1)) {
    const steps = [...section.matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, step]) => step);
    assert.deepEqual(steps, ["Meaning", "Check", "Fix"], section);
  }
});

Deno.test("every reason has a remedy in the runbook, or needs none", async () => {
  const [introduction = "", ...tables] = reasonsPart.split("\n### ");
  const harmless = [...introduction.matchAll(/`([A-Z]\w+)`/g)].map(([, reason]) => reason);
  const rows = tables.flatMap((table) => [...table.matchAll(/^\| `(\w+)` /gm)])
    .map(([, reason]) => reason);
  const said = [...harmless, ...rows];
  const emitted = new Set<string>([...Object.values(reasons), ...await listWrittenReasons()]);
  assert.deepEqual(said.toSorted(), [...emitted].toSorted());
});

Deno.test("every reason occurs in the controller", async () => {
  const code = [...(await readController()).values()].join("\n");
  for (const [key, reason] of Object.entries(reasons)) {
    assert.ok(new RegExp(`reasons\\.${key}\\b|"${reason}"`).test(code), reason);
  }
});

/** Reasons that the controller writes out in words: those of Events alone, and of the ledger. */
async function listWrittenReasons(): Promise<readonly string[]> {
  const code = await readController();
  // Reasons of HTTP answers are for API servers.
  code.delete("controller/admission/review_response.ts");
  return [...code.values()].flatMap((text) =>
    [...text.matchAll(/\breason: [^;{}]*?,|\b(?:normal|warning)\(\s*claim,\s*"\w+"/g)]
      .flatMap(([written]) => [...written.matchAll(/"([A-Z]\w+)"/g)])
      .map(([, reason = ""]) => reason)
  );
}

Deno.test("reasons of Events are found in the code", async () => {
  const written = await listWrittenReasons();
  for (const reason of ["PreflightWarning", "ProviderAvailable", "OfferRefused", "Deleted"]) {
    assert.ok(written.includes(reason), reason);
  }
});

/** The controller's code, by path. */
async function readController(): Promise<Map<string, string>> {
  const files = (await listSources(root.pathname.replace(/\/$/, "")))
    .filter((file) => file.startsWith("controller/"));
  return new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)));
}

Deno.test("the runbook tells remedies where the reason occurs", () => {
  const tables = reasonsPart.split("\n### ").slice(1);
  const kinds = ["GPUNodeClass", "GPUNodePool", "GPUNodeClaim"] as const;
  for (const [key, { kinds: where }] of Object.entries(reasonMeanings)) {
    const reason = reasons[key as keyof typeof reasons];
    const table = tables.findIndex((text) => text.includes(`\n| \`${reason}\` `));
    const kind = kinds[table];
    if (kind) assert.ok(where.includes(kind), `${reason} does not occur in a ${kind}`);
  }
});

Deno.test("alerts ask for metrics that the controller has, whole counters over time", () => {
  for (const { alert, expr } of alerts) {
    const names = readMetricNames(expr);
    assert.ok(names.length > 0, alert);
    for (const name of names) assert.ok(name in metricsHelp, `${alert}: ${name}`);
    const firsts = /\((tgp_\w+)(\{[^}]*\})? unless \1 offset \d+[mhd]\)\s+or increase\(\1\2\[/g;
    const bare = expr.replaceAll(firsts, "(").replaceAll(
      /\b(rate|increase)\(tgp_\w+(\{[^}]*\})?\[\d+[mhd]\]\)/g,
      "",
    );
    assert.doesNotMatch(bare, /_(total|bucket)/, `${alert}: a counter without a range`);
  }
});

Deno.test("alerts name values that occur in the code", async () => {
  const files = (await listSources(root.pathname.replace(/\/$/, "")))
    .filter((file) => /^(controller|kube|providers|schemas)\//.test(file));
  const code = (await Promise.all(files.map(read))).join("\n");
  for (const { alert, expr } of alerts) {
    for (const [, , values = ""] of expr.matchAll(/(\w+)[!=]~?"([^"]+)"/g)) {
      for (const value of values.split("|")) {
        assert.ok(code.includes(`"${value}"`), `${alert}: no "${value}" in the code`);
      }
    }
  }
});

Deno.test("alerts say how grave they are, and what happens in words", () => {
  for (const { alert, labels, annotations } of alerts) {
    assert.match(alert, /^TGP[A-Z]\w+$/);
    assert.match(labels["severity"] ?? "", /^(critical|warning)$/);
    assert.match(annotations["summary"] ?? "", /^.{20,}[^.]$/);
  }
});

Deno.test("readLabels() finds what an expression selects by and keeps", () => {
  const expr = 'sum by (le, provider) (rate(tgp_x_total{result=~"a|b", kind!="c"}[5m])) > 0';
  assert.deepEqual(readLabels(expr), ["result", "kind", "provider"]);
});
