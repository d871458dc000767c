/**
 * The box behind TLS: kubectl, and the contract once more over sockets.
 *
 * @module
 */

import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { createApiServer } from "../../sim/api_server/api_server.ts";
import { serveApiServer } from "../../sim/api_server/serve/serve_api_server.ts";
import { runControlPlane } from "../../sim/control_plane/control_plane.ts";
import type { KubectlCluster } from "./cluster.ts";
import { contract } from "./cases.ts";
import { kubectlCases } from "./kubectl_cases.ts";
import { kubectlWriteCases } from "./kubectl_write_cases.ts";
import { openTlsCluster } from "./tls_cluster.ts";
import { strangers, strangerToken } from "./box_cluster.ts";

/** Whether kubectl is there. */
async function hasKubectl(): Promise<boolean> {
  try {
    const { code } = await new Deno.Command("kubectl", {
      args: ["version", "--client"],
      stdout: "null",
      stderr: "null",
    }).output();
    return code === 0;
  } catch {
    return false;
  }
}

function createKubectl(home: string): KubectlCluster["kubectl"] {
  return async (args, stdin, env = {}) => {
    const child = new Deno.Command("kubectl", {
      args: [...args],
      env: { HOME: home, KUBECONFIG: `${home}/kubeconfig`, ...env },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(stdin));
      await writer.close();
    }
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  };
}

/** Serves a box to `use`, and takes everything down after it. */
async function withServedBox(use: (cluster: KubectlCluster) => Promise<void>): Promise<void> {
  const server = createApiServer({
    clock: systemClock,
    random: systemRandom,
    tokens: strangers,
    bootstrapGroups: [],
  });
  const served = await serveApiServer(server);
  const over = new AbortController();
  const running = runControlPlane(
    { clock: systemClock, server, authority: served.authority },
    {},
    over.signal,
  );
  const home = await Deno.makeTempDir({ prefix: "tgp-kubectl-" });
  await Deno.writeTextFile(`${home}/kubeconfig`, await served.kubeconfigFor());
  const admin = await served.authority.issueClient({
    commonName: "admin",
    organizations: ["system:masters"],
  });
  try {
    using cluster = openTlsCluster({
      url: served.url,
      caPem: served.authority.certificatePem,
      admin,
      strangerToken,
      kubectl: createKubectl(home),
      compact: () => server.compact(),
    });
    await use(cluster);
  } finally {
    over.abort();
    await running;
    server.close();
    await served.close();
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test({
  name: "contract on the box: kubectl",
  ignore: !await hasKubectl(),
  fn: (t) =>
    withServedBox(async (cluster) => {
      for (const { name, run } of [...kubectlCases, ...kubectlWriteCases]) {
        await t.step(name, () => run(cluster));
      }
    }),
});

Deno.test("contract on the box over TLS: objects, watches and identities", (t) =>
  withServedBox(async (cluster) => {
    for (const subject of ["objects", "watches", "identity", "kubelets"]) {
      for (const { name, run } of contract[subject] ?? []) await t.step(name, () => run(cluster));
    }
  }));
