/**
 * What a credential plugin prints.
 *
 * @module
 */

import type { KubeCredentialError } from "./errors.ts";
import { FieldError, Fields } from "./fields.ts";
import type { ClientCertificate } from "./transport.ts";

/** `status` of an `ExecCredential`. */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly certificate: ClientCertificate | undefined;
  /** Epoch milliseconds; absent: good until the server refuses it. */
  readonly expiresAtMs: number | undefined;
}

/**
 * Parses a plugin's output.
 *
 * @param apiVersion What the plugin was asked to speak.
 * @param fail Makes the error to throw from the problem in words.
 * @throws What `fail` makes; its message never quotes the output.
 */
export function parseExecCredential(
  stdout: string,
  apiVersion: string,
  fail: (problem: string) => KubeCredentialError,
): ExecCredential {
  try {
    const fields = new Fields(parseJson(stdout));
    if (fields.string("kind") !== "ExecCredential") throw new FieldError("it is no ExecCredential");
    if (fields.string("apiVersion") !== apiVersion) {
      throw new FieldError(`its apiVersion is not ${apiVersion}`);
    }
    if (fields.raw("status") === undefined) throw new FieldError("status is missing");
    return parseStatus(fields.fields("status"));
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw fail(`its output cannot be used: ${error.message}`);
  }
}

function parseJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new FieldError("it is not JSON");
  }
}

function parseStatus(status: Fields): ExecCredential {
  const token = status.string("token") || undefined;
  const certificatePem = status.string("clientCertificateData") || undefined;
  const keyPem = status.string("clientKeyData") || undefined;
  if (Boolean(certificatePem) !== Boolean(keyPem)) {
    throw new FieldError("status has only one of clientCertificateData and clientKeyData");
  }
  if (!token && !certificatePem) {
    throw new FieldError("status has neither token nor clientCertificateData");
  }
  return {
    token,
    certificate: certificatePem && keyPem ? { certificatePem, keyPem } : undefined,
    expiresAtMs: parseExpiry(status),
  };
}

function parseExpiry(status: Fields): number | undefined {
  const written = status.string("expirationTimestamp");
  if (!written) return undefined;
  const expiresAtMs = Date.parse(written);
  if (Number.isFinite(expiresAtMs)) return expiresAtMs;
  throw new FieldError(`${status.at("expirationTimestamp")} is not a timestamp`);
}
