import assert from "node:assert/strict";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { loadConnection } from "../../kube/load_connection.ts";
import {
  kubeconfigCases,
  loadMeaning,
  type Meaning,
  normalize,
  writeKubeconfigCase,
} from "../support/kube_kubeconfigs.ts";

for (const row of kubeconfigCases) {
  Deno.test(`loadConnection() reads a kubeconfig with ${row.name}`, async () => {
    await using written = await writeKubeconfigCase(row);
    assert.deepEqual(
      await loadMeaning(written.paths, { context: row.context }),
      normalize(row.meaning),
    );
  });

  Deno.test(`loadConnection() agrees with client-node on a kubeconfig with ${row.name}`, async () => {
    await using written = await writeKubeconfigCase(row);
    const theirs = await loadClientNodeMeaning(written.paths, row.context).catch((error) => error);
    // A stated difference must exist: should client-node change its mind, this says so.
    if (row.clientNodeDiffers) assert.notDeepEqual(theirs, normalize(row.meaning));
    else assert.deepEqual(theirs, normalize(row.meaning));
  });
}

const serviceAccount: Readonly<Record<string, string>> = {
  "/var/run/secrets/kubernetes.io/serviceaccount/namespace": "tgp-system\n",
};

/** A machine with some environment and files, and nothing else. */
function createSystem(
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
) {
  return {
    env: (name: string) => env[name],
    readTextFile: (path: string) => {
      const text = files[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(`no ${path}`))
        : Promise.resolve(text);
    },
  };
}

const pod = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };

Deno.test("loadConnection() uses the service account in a Pod without a kubeconfig", async () => {
  const connection = await loadConnection(createSystem(pod, serviceAccount));
  assert.equal(connection.server, "https://[fd00::1]:443");
  assert.equal(connection.namespace, "tgp-system");
  assert.deepEqual(connection.authentication, {
    tokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
  });
  const flags = { namespace: "other" };
  assert.equal((await loadConnection(createSystem(pod, serviceAccount), flags)).namespace, "other");
});

Deno.test("loadConnection() prefers a kubeconfig, and --server, to the service account", async () => {
  const system = createSystem({ ...pod, HOME: "/home/me" }, {
    ...serviceAccount,
    "/home/me/.kube/config": "clusters: [{name: a, cluster: {server: 'https://k'}}]\n" +
      "contexts: [{name: a, context: {cluster: a}}]\ncurrent-context: a",
  });
  assert.equal((await loadConnection(system)).server, "https://k");
  const bare = createSystem(pod, serviceAccount);
  assert.equal((await loadConnection(bare, { server: "https://s" })).server, "https://s");
});

Deno.test("loadConnection() says what a Pod without a service account lacks", async () => {
  await assert.rejects(loadConnection(createSystem(pod, {})), {
    name: "KubeconfigError",
    message: "Cannot use the service account: " +
      "no /var/run/secrets/kubernetes.io/serviceaccount/namespace: " +
      "is automountServiceAccountToken off?",
  });
});

Deno.test("loadConnection() says so when there is no configuration at all", async () => {
  await assert.rejects(loadConnection(createSystem({}, {})), {
    name: "KubeconfigError",
    message: "Cannot choose a cluster: there is no kubeconfig and so no current-context: " +
      "use --context, or kubectl config use-context",
  });
});

/** As client-node's `loadFromDefault` does, without the environment, which other tests share. */
async function loadClientNodeMeaning(
  paths: readonly string[],
  context: string | undefined,
): Promise<Meaning> {
  const config = new KubeConfig();
  for (const [index, path] of paths.entries()) {
    const next = index === 0 ? config : new KubeConfig();
    next.loadFromFile(path);
    if (next !== config) config.mergeConfig(next);
  }
  if (context) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const options: RequestOptions & { servername?: string } = {};
  await config.applyToHTTPSOptions(options);
  const headers = Object.fromEntries(Object.entries(options.headers ?? {}));
  return normalize({
    server: cluster?.server ?? "",
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    ca: toText(options.ca),
    certificate: toText(options.cert),
    key: toText(options.key),
    authorization: user?.username
      ? `Basic ${btoa(options.auth ?? "")}`
      : toText(headers.Authorization),
    serverName: options.servername,
    insecure: options.rejectUnauthorized === false,
    proxyUrl: cluster?.proxyUrl,
    impersonateUser: toText(headers["Impersonate-User"]),
  });
}

function toText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
