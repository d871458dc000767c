/**
 * The box as a cluster under contract: in process, in virtual time.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { createSeededRandom } from "../../runtime/random.ts";
import { adminPeer, createApiServer } from "../../sim/api_server/api_server.ts";
import type { User } from "../../sim/api_server/auth/user.ts";
import { createCertificateAuthority } from "../../sim/api_server/certificates/certificate_authority.ts";
import { runControlPlane } from "../../sim/control_plane/control_plane.ts";
import { cut, type Peer } from "../../sim/handler.ts";
import { createContractClient } from "./client.ts";
import type { ContractCluster } from "./cluster.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** The bearer token of the user without roles. */
export const strangerToken = "stranger-token";

/** Users that come with tokens. */
export const strangers: ReadonlyMap<string, User> = new Map([
  [strangerToken, { name: "stranger", groups: [] }],
]);

/** How far time moves between two looks. */
const pauseMs = 50;

/** Starts the box with its control plane. */
export async function startBox(): Promise<ContractCluster & AsyncDisposable> {
  const clock = new FakeClock();
  const random = createSeededRandom(1);
  const webhooks = new Map<string, (review: Request) => Response | Promise<Response>>();
  const server = createApiServer({
    clock,
    random,
    tokens: strangers,
    bootstrapGroups: [],
    async fetchWebhook(request) {
      const answer = webhooks.get(new URL(request.url).host);
      if (answer === undefined) throw new TypeError("connection refused");
      return await answer(request);
    },
  });
  const authority = await createCertificateAuthority();
  const over = new AbortController();
  const running = runControlPlane({ clock, server, authority }, {}, over.signal);
  const connect = (peer: Peer, token?: string) =>
    createContractClient({
      url: "https://box.test",
      async fetch(request) {
        if (token !== undefined) request.headers.set("authorization", `Bearer ${token}`);
        const response = await server.handler(request, { peer });
        if (response === cut) throw new TypeError("connection closed");
        return response;
      },
    });
  let count = 0;
  return {
    ...connect(adminPeer),
    withToken: (token) => connect({}, token),
    withCertificate: (pem) => connect(toPeer(new X509Certificate(pem), authority.certificatePem)),
    pause: () => clock.advance(pauseMs),
    now: () => clock.now(),
    compact: () => server.compact(),
    strangerToken,
    serveWebhook(answer) {
      const host = `webhook-${++count}.test`;
      webhooks.set(host, answer);
      return Promise.resolve({
        clientConfig: { url: `https://${host}/validate` },
        [Symbol.asyncDispose]() {
          webhooks.delete(host);
          return Promise.resolve();
        },
      });
    },
    unique: (prefix) => `${prefix}-${++count}`,
    async [Symbol.asyncDispose]() {
      over.abort();
      server.close();
      await running;
    },
  };
}

/** What TLS would tell the server of a client. */
function toPeer(certificate: X509Certificate, authorityPem: string): Peer {
  if (!certificate.verify(new X509Certificate(authorityPem).publicKey)) return {};
  const values = (key: string) =>
    certificate.subject.split("\n").filter((line) => line.startsWith(`${key}=`)).map((line) =>
      line.slice(key.length + 1)
    );
  return { certificate: { commonName: values("CN")[0] ?? "", organizations: values("O") } };
}
