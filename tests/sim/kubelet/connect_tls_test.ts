import assert from "node:assert/strict";
import { nodes } from "../../../kube/resource.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import { createCertificateAuthority } from "../../../sim/api_server/certificates/certificate_authority.ts";
import { serveHttps } from "../../../sim/api_server/serve/serve_https.ts";
import type { Peer } from "../../../sim/handler.ts";
import type { ApiEndpoint, KubeletCredential } from "../../../sim/kubelet/connect.ts";
import { createTlsConnect } from "../../../sim/kubelet/connect_tls.ts";

const ca = await createCertificateAuthority();
const otherCa = await createCertificateAuthority();
const token: KubeletCredential = { kind: "token", token: "a.b" };

interface Seen {
  readonly peer: Peer;
  readonly authorization: string | null;
}

/** Asks a server once; returns what the server saw. */
async function ask(
  credential: KubeletCredential,
  endpoint: Partial<ApiEndpoint> = {},
): Promise<Seen | undefined> {
  let seen: Seen | undefined;
  const identity = await ca.issueServer({ commonName: "kube-apiserver" }, ["127.0.0.1"]);
  const served = await serveHttps((request, { peer }) => {
    seen = { peer, authorization: request.headers.get("authorization") };
    return Promise.resolve(Response.json({ metadata: { name: "a" } }));
  }, { ...identity, clientCaPem: ca.certificatePem });
  const connect = createTlsConnect({ random: createSeededRandom(1) });
  const host = `127.0.0.1:${served.port}`;
  const kube = connect({ host, caPem: ca.certificatePem, ...endpoint }, credential);
  try {
    await kube.get(nodes, { name: "a" });
    return seen;
  } finally {
    kube.close();
    await served.close();
  }
}

Deno.test("createTlsConnect() presents a token as a header and a certificate in the handshake", async () => {
  const withToken = await ask(token);
  assert.equal(withToken?.authorization, "Bearer a.b");
  assert.equal(withToken?.peer.certificate, undefined);
  const subject = { commonName: "system:node:a", organizations: ["system:nodes"] };
  const { certificatePem, privateKeyPem } = await ca.issueClient(subject);
  const seen = await ask({ kind: "certificate", certificatePem, keyPem: privateKeyPem });
  assert.deepEqual(seen, { peer: { certificate: subject }, authorization: null });
});

Deno.test("createTlsConnect() trusts the CA in the user data and no other", async () => {
  await assert.rejects(ask(token, { caPem: otherCa.certificatePem }), /Cannot reach https:\/\//);
});

Deno.test("createTlsConnect() says where nobody answers", async () => {
  await assert.rejects(ask(token, { host: "127.0.0.1:1" }), /Cannot reach https:\/\/127.0.0.1:1/);
});
