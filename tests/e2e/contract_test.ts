/**
 * The contract on a real control plane: what it says about the box has to be true there first.
 *
 * @module
 */

import { contract } from "../contract/cases.ts";
import { kubectlCases } from "../contract/kubectl_cases.ts";
import { kubectlWriteCases } from "../contract/kubectl_write_cases.ts";
import { openTlsCluster } from "../contract/tls_cluster.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";

Deno.test("contract on a real control plane", async (t) => {
  await using plane = await startControlPlane({ tokenUsers: [{ name: "stranger" }] });
  using cluster = openTlsCluster({
    url: plane.serverUrl,
    caPem: plane.caPem,
    admin: {
      certificatePem: await Deno.readTextFile(plane.adminCertPath),
      privateKeyPem: await Deno.readTextFile(plane.adminKeyPath),
    },
    strangerToken: plane.tokenOf("stranger").token,
    kubectl: (args, stdin, env = {}) =>
      plane.runKubectl(args, stdin === undefined ? { env } : { stdin, env }),
    // Its watch cache starts later than version 1 anyway.
    compact: () => {},
  });
  for (const [subject, cases] of Object.entries(contract)) {
    await t.step(subject, async (t) => {
      for (const { name, run } of cases) await t.step(name, () => run(cluster));
    });
  }
  await t.step("kubectl", async (t) => {
    for (const { name, run } of [...kubectlCases, ...kubectlWriteCases]) {
      await t.step(name, () => run(cluster));
    }
  });
});
