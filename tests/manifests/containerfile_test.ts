import assert from "node:assert/strict";
import { loadAll } from "js-yaml";
import {
  parseContainerfile,
  readContextCopies,
  readEntrypoint,
  textsOf,
} from "../support/containerfile.ts";

const root = new URL("../../", import.meta.url);

const read = (path: string) => Deno.readTextFile(new URL(path, root));

const stages = parseContainerfile(await read("Containerfile"));
const [build, image] = stages;

Deno.test("the image is built in two stages, from images that any registry may hold", () => {
  assert.equal(stages.length, 2);
  for (const stage of stages) assert.match(stage.image, /^[a-z]+:[\w.-]+$/);
  // musl cannot run Deno.
  for (const stage of stages) assert.doesNotMatch(stage.image, /alpine|musl/);
});

Deno.test("the image has the Deno that the README and CI run", async () => {
  const versions = new Set<string>();
  for (
    const text of [textsOf(build, "RUN").join(), await read("README.md"), await read(".ci/run")]
  ) {
    const found = [...text.matchAll(/\bdeno@(\d+\.\d+\.\d+)/g)].map(([, version]) => version ?? "");
    assert.ok(found.length > 0, text);
    for (const version of found) versions.add(version);
  }
  assert.equal(versions.size, 1, [...versions].join());
});

Deno.test("everything the build copies is there", async () => {
  const copied = readContextCopies(build);
  assert.ok(copied.includes("controller") && copied.includes("deno.lock"));
  for (const path of copied) await Deno.stat(new URL(path, root));
  assert.deepEqual(readContextCopies(image), [], "the image takes nothing past the build");
});

Deno.test("the image runs the controller as nobody, without a shell", () => {
  assert.deepEqual(textsOf(image, "RUN"), []);
  assert.deepEqual(textsOf(image, "CMD"), []);
  assert.match(textsOf(image, "USER").join(), /^[1-9]\d*:[1-9]\d*$/);
  const [program, command, ...rest] = readEntrypoint(image);
  assert.deepEqual([program, command], ["/usr/local/bin/deno", "run"]);
  assert.equal(rest.at(-1), "/opt/tgp/main.js");
});

Deno.test("the image grants no more than the controller needs", () => {
  const granted = readEntrypoint(image).filter((flag) => flag.startsWith("--allow"))
    .map((flag) => flag.replace(/=.*/, ""));
  assert.deepEqual(granted, ["--allow-net", "--allow-env", "--allow-read", "--allow-sys"]);
  assert.ok(readEntrypoint(image).includes("--no-prompt"));
});

Deno.test("image and Deployment agree on user, ports and name", async () => {
  const [deployment] = readAll(await read("manifests/controller/deployment.yaml"));
  const { securityContext, containers: [container] } = deployment.spec.template.spec;
  assert.equal(
    textsOf(image, "USER").join(),
    `${securityContext.runAsUser}:${securityContext.runAsGroup}`,
  );
  assert.deepEqual(
    textsOf(image, "EXPOSE").join().split(" ").map(Number),
    container.ports.map(({ containerPort }) => containerPort),
  );
  const kustomization = await read("manifests/kustomization.yaml");
  const { version } = JSON.parse(await read("deno.json"));
  assert.match(
    kustomization,
    new RegExp(`name: ${container.image}\\n.*\\n *newTag: ${version}\\n`),
  );
  assert.match(await read("Containerfile"), new RegExp(`-t ${container.image}:${version} `));
});

Deno.test("parseContainerfile() joins continued lines and refuses what is no instruction", () => {
  const [stage] = parseContainerfile("# c\nFROM a:1 AS b\nRUN one \\\n  # why\n  two\n");
  assert.deepEqual(stage, {
    image: "a:1",
    alias: "b",
    instructions: [{ name: "RUN", text: "one two" }],
  });
  assert.throws(() => parseContainerfile("FROM a:1\nrun it"), SyntaxError);
});

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
        readonly containers: readonly [{
          readonly image: string;
          readonly ports: readonly { readonly containerPort: number }[];
        }];
      };
    };
  };
}

function readAll(text: string): [Deployment] {
  const documents: unknown[] = [];
  loadAll(text, (document) => documents.push(document));
  return documents as [Deployment];
}
