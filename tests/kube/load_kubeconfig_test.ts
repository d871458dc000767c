import assert from "node:assert/strict";
import { loadKubeconfig, selectKubeconfigFiles } from "../../kube/load_kubeconfig.ts";

const env = (values: Readonly<Record<string, string>>) => ({
  env: (name: string) => values[name],
});

Deno.test("selectKubeconfigFiles() prefers the flag, then KUBECONFIG, then the home folder", () => {
  const all = env({ KUBECONFIG: "/a::/b:/a", HOME: "/home/me" });
  assert.deepEqual(selectKubeconfigFiles(all, "/flag"), { paths: ["/flag"], skipMissing: false });
  assert.deepEqual(selectKubeconfigFiles(all), { paths: ["/a", "/b"], skipMissing: true });
  assert.deepEqual(selectKubeconfigFiles(env({ KUBECONFIG: "/a" })), {
    paths: ["/a"],
    skipMissing: false,
  });
  for (const KUBECONFIG of ["", ":"]) {
    assert.deepEqual(selectKubeconfigFiles(env({ KUBECONFIG, HOME: "/home/me" })), {
      paths: ["/home/me/.kube/config"],
      skipMissing: true,
    });
  }
  assert.deepEqual(selectKubeconfigFiles(env({})), { paths: [], skipMissing: true });
});

Deno.test("loadKubeconfig() fails on the only file named if it does not exist", async () => {
  const readTextFile = () => Promise.reject(new Deno.errors.NotFound("no"));
  const system = { ...env({ KUBECONFIG: "/gone", HOME: "/home/me" }), readTextFile };
  const message = 'Cannot read kubeconfig "/gone": the file does not exist: ' +
    "check --kubeconfig and the environment variable KUBECONFIG";
  await assert.rejects(loadKubeconfig(system), { name: "KubeconfigError", message });
  await assert.rejects(loadKubeconfig(system, "/gone"), { name: "KubeconfigError", message });
  const byDefault = await loadKubeconfig({ ...env({ HOME: "/home/me" }), readTextFile });
  assert.equal(byDefault.contexts.size, 0);
});

Deno.test("loadKubeconfig() names a file that it may not read, even among several", async () => {
  const system = {
    ...env({ KUBECONFIG: "/a:/b" }),
    readTextFile: (path: string) =>
      path === "/a"
        ? Promise.resolve("")
        : Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)")),
  };
  await assert.rejects(loadKubeconfig(system), {
    name: "KubeconfigError",
    message: 'Cannot read kubeconfig "/b": Permission denied (os error 13)',
  });
});
