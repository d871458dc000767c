/**
 * The address that machines are told to join. Pure.
 *
 * @module
 */

import { command, type Finding, type Findings } from "../finding.ts";
import type { EndpointAnswer } from "../probe_endpoint.ts";
import { findUnreachable } from "../unreachable_host.ts";

/** A certificate that ends sooner is worth a word, in milliseconds: two weeks. */
const renewalMs = 14 * 86_400_000;

/** `host:port`. */
export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Splits `host:port`; `undefined` if it is none. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** Whether looking at who answers there makes sense: what means the machine itself answers for another one. */
export function isWorthProbing({ host }: Endpoint): boolean {
  return findUnreachable(host)?.always !== true;
}

/** What is looked at. */
export interface EndpointFacts {
  /** As the class writes it. */
  readonly text: string;
  /** Name of the class. */
  readonly className: string;
  /** `undefined` if nobody looked. */
  readonly answer: EndpointAnswer | undefined;
  /** Whether the controller looked: from inside, a cluster's own public address may be out of reach. */
  readonly isController: boolean;
}

/** Judges whether machines can reach it. */
export function judgeEndpoint(
  { ok, warn, fail }: Findings,
  { text, className, answer, isController }: EndpointFacts,
): Finding {
  const endpoint = parseEndpoint(text);
  const set = [
    "Set it to host:port of an API server that is reachable from the internet:",
    command(`kubectl edit gpunodeclass ${className}   # spec.bootstrap.kubeadm.apiServerEndpoint`),
  ] as const;
  if (endpoint === undefined) return fail(`${text} is not host:port`, ...set);
  const unreachable = findUnreachable(endpoint.host);
  if (unreachable?.always) {
    return fail(`${text} ${unreachable.why}: rented machines cannot reach it`, ...set);
  }
  if (answer?.kind === "silent") {
    const message = `${text} does not answer from here: ${answer.why}`;
    const remedy = "Machines need it: look at DNS, firewall and load balancer.";
    return isController ? warn(message, remedy) : fail(message, remedy);
  }
  if (unreachable !== undefined) {
    return warn(
      `${text} ${unreachable.why}: machines reach it only over a network of your own`,
      ...set,
    );
  }
  return ok(answer === undefined ? `${text}, not tried from here` : `${text} answers`);
}

/**
 * Judges the certificate that is shown there.
 *
 * @param now Epoch milliseconds.
 */
export function judgeCertificate(
  { ok, warn, fail }: Findings,
  text: string,
  answer: Extract<EndpointAnswer, { readonly kind: "answered" }>,
  now: number,
): Finding {
  const { distrust, isForHost, names, notAfterMs } = answer;
  if (distrust !== undefined) {
    return fail(
      `machines would not trust the certificate of ${text}: ${distrust}`,
      "They are told spec.bootstrap.kubeadm.caBundle, or what the controller itself trusts. Set it to",
      "certificate-authority-data of a kubeconfig that works at this address.",
    );
  }
  if (!isForHost) {
    return fail(
      `the certificate of ${text} is for other names: ${names}`,
      "Use one of these names, or add this one to the API server's certificate, on a control plane machine:",
      command("kubeadm init phase certs apiserver --apiserver-cert-extra-sans=NAME"),
    );
  }
  const leftMs = notAfterMs - now;
  if (leftMs < renewalMs) {
    return warn(
      `the certificate of ${text} ends in ${Math.max(0, Math.floor(leftMs / 86_400_000))} days`,
      "Renew it, on a control plane machine:",
      command("kubeadm certs renew apiserver"),
    );
  }
  return ok(`trusted, and for this name until ${new Date(notAfterMs).toISOString().slice(0, 10)}`);
}
