/**
 * Looks at who answers at an address, as a machine that joins would.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import tls from "node:tls";

/** Where to look. */
export interface EndpointTarget {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whom to trust, and nobody else: PEM certificates; absent: the platform's roots. */
  readonly caPem: string | undefined;
}

/** Who answered. */
export type EndpointAnswer =
  | { readonly kind: "silent"; readonly why: string }
  | {
    readonly kind: "answered";
    /** Why the certificate is not to be trusted; absent if it is. */
    readonly distrust: string | undefined;
    /** Whether the certificate is for the host. */
    readonly isForHost: boolean;
    /** The names in the certificate, as it writes them. */
    readonly names: string;
    /** When the certificate ends, in epoch milliseconds. */
    readonly notAfterMs: number;
  };

/** Opens a TLS connection and closes it. Never throws but the signal's reason. */
export type ProbeEndpoint = (
  target: EndpointTarget,
  signal: AbortSignal,
) => Promise<EndpointAnswer>;

/** Over real sockets. */
export const probeEndpoint: ProbeEndpoint = ({ host, port, caPem }, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = tls.connect({
      host,
      port,
      // Trust is judged below, so that everything that is wrong can be said at once.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(caPem === undefined ? {} : { ca: caPem }),
    });
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = (answer: EndpointAnswer) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(answer);
    };
    socket.once("error", (error) => settle({ kind: "silent", why: error.message }));
    socket.once("close", () => settle({ kind: "silent", why: "the connection was closed" }));
    socket.once("secureConnect", () => settle(judge(socket, host)));
  });

function judge(socket: tls.TLSSocket, host: string): EndpointAnswer {
  const { raw } = socket.getPeerCertificate();
  if (raw === undefined) return { kind: "silent", why: "no certificate was shown" };
  const certificate = new X509Certificate(raw);
  const isForHost = isIP(host) === 0
    ? certificate.checkHost(host) !== undefined
    : certificate.checkIP(host) !== undefined;
  return {
    kind: "answered",
    distrust: socket.authorized ? undefined : describeDistrust(socket.authorizationError),
    isForHost,
    names: certificate.subjectAltName ?? certificate.subject,
    notAfterMs: Date.parse(certificate.validTo),
  };
}

/** OpenSSL's codes in words; others as they are. */
function describeDistrust(error: unknown): string | undefined {
  const code = error instanceof Error ? error.message : String(error);
  switch (code) {
    // Names are looked at once the signatures have proven right: that is said by itself.
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return undefined;
    case "CERT_HAS_EXPIRED":
      return "it has expired";
    case "CERT_NOT_YET_VALID":
      return "it is not valid yet";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return "another authority has signed it";
    default:
      return code;
  }
}
