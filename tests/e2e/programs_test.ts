import assert from "node:assert/strict";
import { buildPrograms } from "./control_plane/build.ts";
import { locatePrograms } from "./control_plane/locate.ts";
import { readVersions, toCacheKey } from "./control_plane/versions.ts";

/** A Go command that takes a while, counts its builds and writes a program that says its version flags. */
const fakeGo = `#!/bin/sh
[ "$1" = version ] && exit 0
while [ "$1" != -o ]; do shift; done
echo "$3" >>"$(dirname "$0")/builds"
echo half >"$2"; sleep 0.3
[ -e "$(dirname "$0")/broken" ] && exit 1
echo '#!/bin/sh' >"$2" && chmod +x "$2"
`;

interface Workshop extends AsyncDisposable {
  readonly dir: string;
  readonly cacheDir: string;
  readonly go: string;
  builds(): Promise<string[]>;
}

async function createWorkshop(): Promise<Workshop> {
  const dir = await Deno.makeTempDir();
  const go = `${dir}/go`;
  await Deno.writeTextFile(go, fakeGo, { mode: 0o755 });
  return {
    dir,
    go,
    cacheDir: `${dir}/cache/${toCacheKey(await readVersions())}`,
    builds: async () => (await Deno.readTextFile(`${dir}/builds`)).trim().split("\n"),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

async function listNames(dir: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(dir)) names.push(entry.name);
  return names.sort();
}

const ignore = () => {};

Deno.test("readVersions() reads what the modules pin", async () => {
  const { kubernetes, etcd } = await readVersions();
  assert.match(kubernetes, /^1\.\d+\.\d+$/);
  assert.match(etcd, /^3\.\d+\.\d+$/);
});

Deno.test("locatePrograms() prefers KUBEBUILDER_ASSETS, then for kubectl PATH, then the cache", async () => {
  await using workshop = await createWorkshop();
  const { dir } = workshop;
  const key = toCacheKey(await readVersions());
  const cache = `${dir}/tgp/control-plane/${key}`;
  const place = async (folder: string, names: readonly string[]) => {
    await Deno.mkdir(folder, { recursive: true });
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "", { mode: 0o755 });
  };
  await place(`${dir}/assets`, ["etcd"]);
  await place(`${dir}/path`, ["kubectl", "etcd", "kube-scheduler"]);
  await place(cache, ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"]);
  const variables: Record<string, string> = {
    KUBEBUILDER_ASSETS: `${dir}/assets`,
    PATH: `${dir}/path`,
    XDG_CACHE_HOME: dir,
    HOME: "/nowhere",
  };
  const programs = await locatePrograms({ env: (name) => variables[name], go: "/nowhere/go" });
  assert.deepEqual(programs, {
    etcd: `${dir}/assets/etcd`,
    "kube-apiserver": `${cache}/kube-apiserver`,
    "kube-controller-manager": `${cache}/kube-controller-manager`,
    "kube-scheduler": `${cache}/kube-scheduler`,
    kubectl: `${dir}/path/kubectl`,
  });
});

Deno.test("locatePrograms() says how to get what is missing where there is no Go", async () => {
  await using workshop = await createWorkshop();
  const env = (name: string) => name === "HOME" ? workshop.dir : undefined;
  await assert.rejects(
    locatePrograms({ env, go: "/nowhere/go" }),
    /Cannot find etcd, .*kubectl, and cannot build: .*Install Go .*KUBEBUILDER_ASSETS/,
  );
});

Deno.test("buildPrograms() builds each program once for two that want it at the same time", async () => {
  await using workshop = await createWorkshop();
  const { cacheDir, go } = workshop;
  const lines: string[] = [];
  const build = () =>
    buildPrograms(["etcd", "kubectl"], { cacheDir, go, report: (line) => lines.push(line) });
  await Promise.all([build(), build()]);
  assert.deepEqual(await workshop.builds(), [
    "go.etcd.io/etcd/server/v3",
    "k8s.io/kubernetes/cmd/kubectl",
  ]);
  assert.equal(lines.filter((line) => line.startsWith("Waiting")).length, 1);
  assert.deepEqual(await listNames(cacheDir), ["etcd", "kubectl"]);
});

Deno.test("buildPrograms() never leaves half a program in the cache", async () => {
  await using workshop = await createWorkshop();
  const { cacheDir, go, dir } = workshop;
  await Deno.writeTextFile(`${dir}/broken`, "");
  const build = () => buildPrograms(["etcd"], { cacheDir, go, report: ignore });
  await assert.rejects(build(), /Cannot build "etcd"/);
  assert.deepEqual(await listNames(cacheDir), []);

  // What a killed build left is no obstacle either.
  await Deno.mkdir(`${cacheDir}.building`);
  await Deno.writeTextFile(`${cacheDir}.building/etcd`, "half");
  await Deno.remove(`${dir}/broken`);
  await build();
  assert.deepEqual(await listNames(`${dir}/cache`), [
    toCacheKey(await readVersions()),
    `${toCacheKey(await readVersions())}.lock`,
  ]);
  assert.equal((await Deno.stat(`${cacheDir}/etcd`)).isFile, true);
});
