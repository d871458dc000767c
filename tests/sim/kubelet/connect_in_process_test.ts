import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import { createCertificateAuthority } from "../../../sim/api_server/certificates/certificate_authority.ts";
import { cut, type Peer } from "../../../sim/handler.ts";
import { createInProcessConnect } from "../../../sim/kubelet/connect_in_process.ts";
import type { ApiEndpoint, KubeletCredential } from "../../../sim/kubelet/connect.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const ca = await createCertificateAuthority();
const otherCa = await createCertificateAuthority();
const host = "api.example.test:6443";

interface Seen {
  readonly peer: Peer;
  readonly authorization: string | null;
}

/** Asks once; returns what the server saw. */
async function ask(
  credential: KubeletCredential,
  endpoint: Partial<ApiEndpoint> = {},
  answers = true,
): Promise<Seen | undefined> {
  let seen: Seen | undefined;
  const connect = createInProcessConnect({
    handler: (request, { peer }) => {
      seen = { peer, authorization: request.headers.get("authorization") };
      return Promise.resolve(answers ? Response.json({ metadata: { name: "a" } }) : cut);
    },
    host,
    caPem: ca.certificatePem,
    clock: new FakeClock(),
    random: createSeededRandom(1),
  });
  const kube = connect({ host, caPem: ca.certificatePem, ...endpoint }, credential);
  try {
    await kube.get(nodes, { name: "a" });
    return seen;
  } finally {
    kube.close();
  }
}

async function certificate(authority = ca): Promise<KubeletCredential> {
  const { certificatePem, privateKeyPem } = await authority.issueClient({
    commonName: "system:node:a",
    organizations: ["system:nodes"],
  });
  return { kind: "certificate", certificatePem, keyPem: privateKeyPem };
}

Deno.test("createInProcessConnect() presents a token as a header and a certificate as a peer", async () => {
  assert.deepEqual(await ask({ kind: "token", token: "a.b" }), {
    peer: {},
    authorization: "Bearer a.b",
  });
  assert.deepEqual(await ask(await certificate()), {
    peer: { certificate: { commonName: "system:node:a", organizations: ["system:nodes"] } },
    authorization: null,
  });
});

Deno.test("createInProcessConnect() fails as a real connection would", async () => {
  const token: KubeletCredential = { kind: "token", token: "a.b" };
  await assert.rejects(ask(token, { host: "other:6443" }), /connection refused/);
  await assert.rejects(ask(token, { caPem: otherCa.certificatePem }), /unknown authority/);
  await assert.rejects(ask(await certificate(otherCa)), /Unauthorized/);
  await assert.rejects(ask(token, {}, false), /connection was closed/);
});

Deno.test("createInProcessConnect() trusts a bundle that holds the CA among others", async () => {
  const caPem = `${otherCa.certificatePem}\n${ca.certificatePem}\n`;
  assert.ok(await ask({ kind: "token", token: "a.b" }, { caPem }));
});
