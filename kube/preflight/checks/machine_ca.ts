/**
 * The authority that machines are told to trust. Pure.
 *
 * @module
 */

import type { Finding, Findings } from "../finding.ts";
import { decodeBundle, readPem } from "../pem.ts";

/** What is looked at. */
export interface MachineCaFacts {
  /** The class's `caBundle`, if it has one. */
  readonly caBundle: string | undefined;
  /** What the controller trusts, in PEM, if that is known. */
  readonly clusterPem: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What machines are told, in PEM; `undefined` if it is not known or cannot be read. */
export function selectMachineCa(
  { caBundle, clusterPem }: Pick<MachineCaFacts, "caBundle" | "clusterPem">,
): string | undefined {
  return caBundle === undefined ? clusterPem : decodeBundle(caBundle);
}

/** Judges it. */
export function judgeMachineCa(
  { ok, warn, fail, unknown }: Findings,
  facts: MachineCaFacts,
): Finding {
  const { caBundle, clusterPem, now } = facts;
  const pem = selectMachineCa(facts);
  const copy =
    "Copy certificate-authority-data from a kubeconfig of this cluster into spec.bootstrap.kubeadm.caBundle.";
  if (pem === undefined) {
    return caBundle === undefined
      ? unknown("the class names none, and what the controller trusts could not be read", copy)
      : fail("caBundle is not base64", copy);
  }
  const told = readPem(pem);
  if (told === undefined) {
    return fail("what machines are told to trust is no PEM certificate", copy);
  }
  if (told.every(({ notAfterMs }) => notAfterMs <= now)) {
    return fail("every certificate that machines are told to trust has expired", copy);
  }
  if (caBundle === undefined) return ok("machines are told what the controller trusts");
  const own = clusterPem === undefined ? undefined : readPem(clusterPem);
  if (own === undefined) return ok("the class's caBundle can be read");
  const shared = told.some(({ fingerprint }) => own.some((one) => one.fingerprint === fingerprint));
  return shared ? ok("the class's caBundle holds the cluster's CA") : warn(
    "the class's caBundle does not hold the cluster's CA: machines may refuse the API server's calls (logs, exec)",
    copy,
  );
}
