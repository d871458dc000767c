/**
 * Obtaining the credential that goes with a connection.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { CredentialDeps, CredentialSource } from "./credential_source.ts";
import { KubeCredentialError, toMessage } from "./errors.ts";
import { createExecCredentials } from "./exec_credentials.ts";
import type { PemSource } from "./kubeconfig.ts";
import { loadPem, readCredentialFile } from "./load_pem.ts";
import type { KubeSystem } from "./system.ts";
import type { ClientCertificate, Credential, Header } from "./transport.ts";

/**
 * How long a token file is trusted, in milliseconds, as in client-go (`transport/token_source.go`, read
 * 2026-11). The kubelet renews tokens long before they expire.
 */
const fileMaxAgeMs = 60_000;

/**
 * Creates the source for a connection. Over plain `http:` there are no credentials, as in client-go: a
 * token on the open network is a lost token.
 */
export function createCredentialSource(
  deps: CredentialDeps,
  connection: Connection,
): CredentialSource {
  if (!connection.server.startsWith("https:")) {
    const nobody: Credential = { headers: toImpersonationHeaders(connection) };
    return { get: () => Promise.resolve(nobody) };
  }
  const { exec } = connection.authentication;
  return exec
    ? createExecCredentials(deps, exec, connection, () => loadConfigured(deps, connection))
    : createConfiguredCredentials(deps, connection);
}

/** Whatever the configuration holds; files are read again when they are old or refused. */
function createConfiguredCredentials(
  deps: CredentialDeps,
  connection: Connection,
): CredentialSource {
  let held: { readonly credential: Credential; readonly readAtMs: number } | undefined;
  return {
    async get(_signal, refused) {
      const now = deps.clock.now();
      const usable = held && held.credential !== refused && now - held.readAtMs < fileMaxAgeMs;
      if (held && usable) return held.credential;
      try {
        const read = await loadConfigured(deps, connection);
        // What has not changed stays the same object: a caller sees that trying again is no use.
        held = {
          credential: held && isSame(held.credential, read) ? held.credential : read,
          readAtMs: now,
        };
      } catch (error) {
        if (!held) throw error;
        deps.log.warn("Keeping the credential: its file cannot be read", {
          error: toMessage(error),
        });
      }
      return held.credential;
    },
  };
}

async function loadConfigured(deps: CredentialDeps, connection: Connection): Promise<Credential> {
  const { clientCertificate } = connection.authentication;
  return {
    headers: [
      ...await loadAuthorization(deps, connection),
      ...toImpersonationHeaders(connection),
    ],
    certificate: clientCertificate && await loadCertificate(deps.system, clientCertificate),
  };
}

async function loadAuthorization(
  deps: CredentialDeps,
  connection: Connection,
): Promise<readonly Header[]> {
  const { token, tokenFile, basic } = connection.authentication;
  if (basic) {
    const login = new TextEncoder().encode(`${basic.username}:${basic.password}`).toBase64();
    return [["authorization", `Basic ${login}`]];
  }
  if (!tokenFile) return token ? [["authorization", `Bearer ${token}`]] : [];
  try {
    const fromFile = (await readCredentialFile(deps.system, tokenFile)).trim();
    if (fromFile === "") throw new KubeCredentialError(`Cannot use "${tokenFile}": it is empty`);
    return [["authorization", `Bearer ${fromFile}`]];
  } catch (error) {
    if (token) return [["authorization", `Bearer ${token}`]];
    throw error;
  }
}

/** Reads a certificate and its key from where the configuration says. */
async function loadCertificate(
  system: KubeSystem,
  sources: { readonly certificate: PemSource; readonly key: PemSource },
): Promise<ClientCertificate> {
  return {
    certificatePem: await loadPem(system, sources.certificate),
    keyPem: await loadPem(system, sources.key),
  };
}

function toImpersonationHeaders({ impersonate }: Connection): readonly Header[] {
  if (!impersonate?.user) return [];
  return [
    ["impersonate-user", impersonate.user],
    ...(impersonate.uid ? [["impersonate-uid", impersonate.uid] as const] : []),
    // One line per group: the API server does not split lists.
    ...(impersonate.groups ?? []).map((group) => ["impersonate-group", group] as const),
    ...Object.entries(impersonate.extra ?? {}).flatMap(([key, values]) =>
      values.map((value) => [`impersonate-extra-${encodeURIComponent(key)}`, value] as const)
    ),
  ];
}

function isSame(a: Credential, b: Credential): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
