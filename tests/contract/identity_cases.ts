/**
 * Who may do what: nobody, strangers, machines with bootstrap tokens.
 *
 * @module
 */

import assert from "node:assert/strict";
import { getIn } from "../../sim/api_server/json.ts";
import { createKubeletRequest } from "../../sim/kubelet/certificate_request.ts";
import type { ContractCase } from "./cluster.ts";
import { csrBody, csrPath, makeBootstrapToken } from "./join.ts";
import { assertRefused, eventually, send, textAt } from "./steps.ts";

/** See the module. */
export const identityCases: readonly ContractCase[] = [
  {
    name: "nobody may read health and version, and nothing else",
    async run(cluster) {
      const nobody = cluster.withToken(undefined);
      assert.equal((await nobody.request("GET", "/version")).status, 200);
      assert.equal((await nobody.request("GET", "/readyz")).status, 200);
      assertRefused(
        await nobody.request("GET", "/api/v1/nodes"),
        403,
        "Forbidden",
        `nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at` +
          " the cluster scope",
      );
      assertRefused(
        await nobody.request("GET", "/apis"),
        403,
        "Forbidden",
        `forbidden: User "system:anonymous" cannot get path "/apis"`,
      );
    },
  },
  {
    name: "a wrong token is nobody's",
    async run(cluster) {
      const wrong = cluster.withToken("abcdef.0123456789abcdef");
      assertRefused(await wrong.request("GET", "/version"), 401, "Unauthorized", "Unauthorized");
    },
  },
  {
    name: "a user without roles may look around, and nothing else",
    async run(cluster) {
      const stranger = cluster.withToken(cluster.strangerToken);
      assert.equal((await stranger.request("GET", "/apis")).status, 200);
      const secret = "/api/v1/namespaces/kube-system/secrets/some";
      assertRefused(
        await stranger.request("GET", secret),
        403,
        "Forbidden",
        `secrets "some" is forbidden: User "stranger" cannot get resource "secrets" in API group ""` +
          ` in the namespace "kube-system"`,
      );
    },
  },
  {
    name: "a role gives what it says, where it says so",
    async run(cluster) {
      const apiGroup = "rbac.authorization.k8s.io";
      const name = cluster.unique("role");
      const rbac = `/apis/${apiGroup}/v1/namespaces/default`;
      await send(cluster, "POST", `${rbac}/roles`, {
        body: {
          metadata: { name },
          rules: [
            { apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: [name] },
            { apiGroups: [""], resources: ["pods", "pods/status"], verbs: ["list"] },
          ],
        },
      });
      await send(cluster, "POST", `${rbac}/rolebindings`, {
        body: {
          metadata: { name },
          roleRef: { apiGroup, kind: "Role", name },
          subjects: [{ apiGroup, kind: "User", name: "stranger" }],
        },
      });
      const stranger = cluster.withToken(cluster.strangerToken);
      await eventually(cluster, "the role holds", async () => {
        const answer = await stranger.request("GET", "/api/v1/namespaces/default/pods");
        return answer.status === 200 ? true : undefined;
      });
      const configMaps = "/api/v1/namespaces/default/configmaps";
      assert.equal((await stranger.request("GET", `${configMaps}/${name}`)).status, 404);
      assert.equal((await stranger.request("GET", `${configMaps}/other`)).status, 403);
      assert.equal((await stranger.request("GET", configMaps)).status, 403);
      assert.equal((await stranger.request("GET", "/api/v1/pods")).status, 403);
      const elsewhere = "/api/v1/namespaces/kube-system/pods";
      assert.equal((await stranger.request("GET", elsewhere)).status, 403);
      await send(cluster, "DELETE", `${rbac}/rolebindings/${name}`);
    },
  },
  {
    name: "access reviews answer for the asker",
    async run(cluster) {
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const body = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { verb: "delete", resource: "nodes" } },
      };
      const own = await send(cluster, "POST", path, { body });
      assert.equal(getIn(own, "status", "allowed"), true);
      const stranger = cluster.withToken(cluster.strangerToken);
      const other = await send(stranger, "POST", path, { body });
      assert.equal(getIn(other, "status", "allowed"), false);
    },
  },
  {
    name: "a bootstrap token asks for a certificate, and does nothing else",
    async run(cluster) {
      const { token } = await makeBootstrapToken(cluster);
      const machine = cluster.withToken(token);
      const node = cluster.unique("node");
      const name = cluster.unique("csr");
      const { requestPem } = createKubeletRequest(node);
      await eventually(cluster, "the token may ask", async () => {
        const answer = await machine.request("POST", csrPath, { body: csrBody(name, requestPem) });
        return answer.status === 201 ? true : undefined;
      });
      const csr = await send(machine, "GET", `${csrPath}/${name}`);
      assert.equal(textAt(csr, "spec", "username"), `system:bootstrap:${token.slice(0, 6)}`);
      assert.equal((await machine.request("GET", "/version")).status, 200);
      for (
        const [method, path] of [
          ["GET", "/api/v1/nodes"],
          ["GET", "/api/v1/pods"],
          ["GET", "/api/v1/namespaces/kube-system/secrets"],
          ["DELETE", `${csrPath}/${name}`],
        ] as const
      ) {
        assertRefused(await machine.request(method, path), 403, "Forbidden");
      }
      const node403 = await machine.request("POST", "/api/v1/nodes", {
        body: { metadata: { name: node } },
      });
      assertRefused(node403, 403, "Forbidden");
    },
  },
  {
    name: "a bootstrap token without a role is known, and may not ask",
    async run(cluster) {
      const { token } = await makeBootstrapToken(cluster, { allowed: false });
      const machine = cluster.withToken(token);
      const { requestPem } = createKubeletRequest("n");
      const answer = await eventually(cluster, "the token is known", async () => {
        const given = await machine.request("POST", csrPath, {
          body: csrBody(cluster.unique("csr"), requestPem),
        });
        return given.status === 401 ? undefined : given;
      });
      assertRefused(answer, 403, "Forbidden");
    },
  },
  {
    name: "a bootstrap token ends with its time, its Secret, and a wrong secret",
    async run(cluster) {
      const past = await makeBootstrapToken(cluster, { lifetimeMs: -60_000 });
      assert.equal((await cluster.withToken(past.token).request("GET", "/version")).status, 401);
      const { token, secretPath } = await makeBootstrapToken(cluster);
      const machine = cluster.withToken(token);
      await eventually(
        cluster,
        "the token is known",
        async () => (await machine.request("GET", "/version")).status === 200 ? true : undefined,
      );
      const wrong = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
      assert.equal((await cluster.withToken(wrong).request("GET", "/version")).status, 401);
      await send(cluster, "DELETE", secretPath);
      await eventually(
        cluster,
        "the token is forgotten",
        async () => (await machine.request("GET", "/version")).status === 401 ? true : undefined,
      );
    },
  },
  {
    name: "an expired bootstrap token is cleaned away",
    async run(cluster) {
      const { secretPath } = await makeBootstrapToken(cluster, { lifetimeMs: 2_000 });
      await eventually(
        cluster,
        "the Secret is gone",
        async () => (await cluster.request("GET", secretPath)).status === 404 ? true : undefined,
      );
    },
  },
];
