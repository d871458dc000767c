import assert from "node:assert/strict";
import { load } from "js-yaml";
import { usage } from "../../controller/options.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));
const guide = await read("docs/install.md");

Deno.test("what the guide names in manifests/ and charts/ is there", async () => {
  const paths = [...guide.matchAll(/\b(?:manifests|charts)\/[\w./-]*\w/g)].map(([path]) => path);
  assert.ok(paths.length > 10);
  for (const path of new Set(paths)) await Deno.stat(new URL(path, root));
});

Deno.test("the guide and kustomization.yaml know every component", async () => {
  const names = (await Array.fromAsync(Deno.readDir(new URL("manifests/components/", root))))
    .map(({ name }) => name);
  assert.ok(names.length >= 5);
  for (const name of names) assert.ok(guide.includes(`manifests/components/${name}\``), name);
  const offered = [
    ...(await read("manifests/kustomization.yaml")).matchAll(/# {3}- components\/(\S+)/g),
  ]
    .map(([, name]) => name ?? "");
  assert.ok(offered.length > 0);
  for (const name of offered) assert.ok(names.includes(name), name);
});

Deno.test("the flags in the guide are the controller's", () => {
  const flags = [...guide.matchAll(/--(?:webhook|credential)[\w-]+/g)].map(([flag]) => flag);
  assert.ok(flags.length > 0);
  for (const flag of flags) assert.ok(usage.includes(`${flag} `), flag);
});

Deno.test("the guide names every value of the chart", async () => {
  const values = load(await read("charts/tgp/values.yaml")) as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(values)) assert.ok(guide.includes(`\`${name}\``), name);
});

Deno.test("the Deployment's arguments are flags of the controller", async () => {
  const deployment = await read("manifests/controller/deployment.yaml");
  const flags = [...deployment.matchAll(/^ +- (--[\w-]+)=/gm)].map(([, flag]) => flag ?? "");
  assert.ok(flags.includes("--namespace") && flags.includes("--webhook-listen"));
  for (const flag of flags) assert.ok(usage.includes(`${flag} `), flag);
});
