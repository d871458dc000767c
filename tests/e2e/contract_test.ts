/**
 * The contract on a real control plane: what it says about the box has to be true there first.
 *
 * @module
 */

import assert from "node:assert/strict";
import { getIn, type Json } from "../../sim/api_server/json.ts";
import { builtInResources } from "../../sim/api_server/resources/built_in_resources.ts";
import { extractBuiltIn } from "../../sim/api_server/schema/extract_built_in.ts";
import { builtInSchemas } from "../../sim/api_server/schema/schema.ts";
import { contract } from "../contract/cases.ts";
import { kubectlCases } from "../contract/kubectl_cases.ts";
import { kubectlWriteCases } from "../contract/kubectl_write_cases.ts";
import { openTlsCluster } from "../contract/tls_cluster.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";

/** The OpenAPI documents of the groups that the box serves. */
function builtInDocuments(): ReadonlySet<string> {
  return new Set(
    builtInResources.map(({ group, version }) =>
      group ? `/openapi/v3/apis/${group}/${version}` : `/openapi/v3/api/${version}`
    ),
  );
}

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
  await t.step("the box's schemas of built-in kinds are this server's", async () => {
    const definitions: Record<string, Json> = {};
    for (const path of builtInDocuments()) {
      const { body } = await cluster.request("GET", path);
      Object.assign(definitions, getIn(body, "components", "schemas"));
    }
    assert.deepEqual(extractBuiltIn(definitions), builtInSchemas);
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
