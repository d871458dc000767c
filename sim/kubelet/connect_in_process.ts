/**
 * Connections without sockets: requests are function calls, and what TLS would check is checked here.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { createKubeClient } from "../../kube/client.ts";
import { KubeConnectionError } from "../../kube/errors.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { Status } from "../../schemas/kubernetes.ts";
import { cut, type Handler, type Peer } from "../handler.ts";
import type { ApiEndpoint, Connect, KubeletCredential } from "./connect.ts";

/** What {@linkcode createInProcessConnect} needs. */
export interface InProcessConnectDeps {
  /** The API server. */
  readonly handler: Handler;
  /** `host:port` under which the API server can be reached. */
  readonly host: string;
  /** PEM certificate of the CA that signs for servers and clients of this cluster. */
  readonly caPem: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Makes connections by function call. A wrong address, a foreign CA in the user data and a client
 * certificate of a foreign CA fail as they would with TLS.
 */
export function createInProcessConnect(deps: InProcessConnectDeps): Connect {
  const ca = new X509Certificate(deps.caPem);
  return (endpoint, credential) => {
    const headers = credential.kind === "token"
      ? { authorization: `Bearer ${credential.token}` }
      : {};
    const transport = createHandlerTransport(async (request) => {
      const peer = handshake(deps.host, ca, endpoint, credential);
      if (peer === undefined) return Response.json(unauthorized, { status: 401 });
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      const response = await deps.handler(request, { peer });
      if (response !== cut) return response;
      throw new KubeConnectionError(`Cannot reach https://${deps.host}: connection was closed`);
    });
    const { clock, random } = deps;
    return createKubeClient({ transport, clock, random, userAgent: "kubelet" });
  };
}

/** What an API server answers to a client certificate that it does not know the authority of. */
const unauthorized: Status = {
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message: "Unauthorized",
  reason: "Unauthorized",
  code: 401,
};

/** What the server knows of its client after the handshake; `undefined`: it is not to be trusted. */
function handshake(
  host: string,
  ca: X509Certificate,
  endpoint: ApiEndpoint,
  credential: KubeletCredential,
): Peer | undefined {
  const refuse = (why: string): never => {
    throw new KubeConnectionError(`Cannot reach https://${endpoint.host}: ${why}`);
  };
  if (endpoint.host !== host) refuse("connection refused");
  const trusted = endpoint.caPem.split(/(?=-----BEGIN)/).filter((block) => block.trim() !== "");
  if (!trusted.some((pem) => new X509Certificate(pem).fingerprint256 === ca.fingerprint256)) {
    refuse("certificate signed by unknown authority");
  }
  if (credential.kind === "token") return {};
  const certificate = new X509Certificate(credential.certificatePem);
  return certificate.verify(ca.publicKey) ? { certificate: readSubject(certificate) } : undefined;
}

/** `subject` is one `KEY=value` per line. */
function readSubject(certificate: X509Certificate): Peer["certificate"] {
  const lines = certificate.subject.split("\n").map((line) => line.split(/=(.*)/s));
  const values = (key: string) =>
    lines.filter(([found]) => found === key).map(([, value]) => value ?? "");
  return { commonName: values("CN")[0] ?? "", organizations: values("O") };
}
