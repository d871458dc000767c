import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url).href;
const pathOf = (url: string) => new URL(url).pathname;

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** What loads at once with a file: paths from the root, and packages. */
async function loadedWith(file: string): Promise<readonly string[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", pathOf(`${root}deno.json`), pathOf(root + file)],
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const info: Info = JSON.parse(new TextDecoder().decode(stdout));
  const dependencies = new Map(
    info.modules.map(({ specifier, dependencies }) => [specifier, dependencies ?? []]),
  );
  const loaded = new Set<string>();
  const load = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of dependencies.get(specifier) ?? []) {
      if (code?.specifier !== undefined && !isDynamic) load(code.specifier);
    }
  };
  load(root + file);
  return [...loaded].map((specifier) => specifier.replace(root, ""));
}

Deno.test("help loads nothing but the plugin's own words", async () => {
  const loaded = await loadedWith("plugin/main.ts");
  assert.ok(loaded.includes("plugin/commands.ts"));
  assert.deepEqual(loaded.filter((file) => !/^(plugin|runtime)\//.test(file)), []);
});

Deno.test("commands that only ask the cluster load no cloud, and no schema library", async () => {
  const commands = [
    ...["pools/pools.ts", "claims/claims.ts", "providers/providers.ts", "doctor/doctor.ts"],
    "connect.ts",
  ];
  for (const command of commands) {
    const loaded = await loadedWith(`plugin/${command}`);
    assert.ok(loaded.some((file) => file.startsWith("kube/")), command);
    assert.deepEqual(
      loaded.filter((file) => /^providers\/|^npm:\/?(zod|graphql|cockatiel)/.test(file)),
      [],
    );
  }
});

Deno.test("teardown loads nothing until it is known whether there is a cluster", async () => {
  const loaded = await loadedWith("plugin/teardown/teardown.ts");
  assert.deepEqual(loaded.filter((file) => !file.startsWith("plugin/")), []);
});

Deno.test("commands that ask clouds do load them, so that these tests can fail", async () => {
  const loaded = await loadedWith("plugin/providers/check_providers.ts");
  for (const part of [/^providers\/registry\.ts$/, /^npm:\/?zod/, /^npm:\/?cockatiel/]) {
    assert.ok(loaded.some((file) => part.test(file)), `${part}`);
  }
});
