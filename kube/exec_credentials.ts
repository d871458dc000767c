/**
 * Credentials from a plugin: a command that prints them.
 *
 * Protocol: "client-go credential plugins" in the Kubernetes documentation, read 2026-11.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { CredentialDeps, CredentialSource } from "./credential_source.ts";
import { orAbort, withDeadline } from "./deadline.ts";
import { KubeCredentialError } from "./errors.ts";
import type { ExecConfig } from "./exec_config.ts";
import { type ExecCredential, parseExecCredential } from "./exec_credential.ts";
import { loadPem } from "./load_pem.ts";
import type { Credential, Header } from "./transport.ts";

/**
 * How long before its expiry a credential is replaced, in milliseconds: time for a request to arrive
 * and for clocks to differ a little.
 */
const expirySkewMs = 10_000;

/** Longest run of a plugin that has nobody to ask, in milliseconds; one with a terminal may wait. */
const unattendedTimeoutMs = 60_000;

/**
 * Creates a source that runs a plugin when there is no credential, when it has expired, and after the
 * server refused it. One run serves all who wait for it, and goes on if one of them gives up.
 *
 * @param loadBase Obtains what goes with every credential: impersonation and a configured certificate.
 */
export function createExecCredentials(
  deps: CredentialDeps,
  exec: ExecConfig,
  connection: Connection,
  loadBase: () => Promise<Credential>,
): CredentialSource {
  let held: { readonly credential: Credential; readonly expiresAtMs: number } | undefined;
  let running: Promise<Credential> | undefined;

  const obtain = async (): Promise<Credential> => {
    const base = await loadBase();
    const answer = await runPlugin(deps, exec, connection);
    const credential: Credential = {
      headers: [...toAuthorization(answer), ...base.headers],
      certificate: answer.certificate ?? base.certificate,
    };
    held = { credential, expiresAtMs: answer.expiresAtMs ?? Infinity };
    return credential;
  };

  return {
    async get(signal, refused) {
      const usable = held && held.credential !== refused &&
        deps.clock.now() < held.expiresAtMs - expirySkewMs;
      if (held && usable) return held.credential;
      running ??= obtain().finally(() => running = undefined);
      // Whoever gives up leaves the run to the others.
      return await (signal ? orAbort(running, signal) : running);
    },
  };
}

function toAuthorization(answer: ExecCredential): readonly Header[] {
  return answer.token === undefined ? [] : [["authorization", `Bearer ${answer.token}`]];
}

async function runPlugin(
  deps: CredentialDeps,
  exec: ExecConfig,
  connection: Connection,
): Promise<ExecCredential> {
  const fail = (problem: string) =>
    new KubeCredentialError(
      `Cannot run credential plugin "${exec.command}" of ${connection.source}: ${problem}`,
    );
  const interactive = exec.interactiveMode !== "Never" && deps.system.stdinIsTerminal();
  if (exec.interactiveMode === "Always" && !interactive) {
    throw fail("it must ask the user (interactiveMode Always), but standard input is no terminal");
  }
  const info = await toExecInfo(deps, exec, connection, interactive);
  const command = {
    command: exec.command,
    args: exec.args,
    env: { ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    inheritStdin: interactive,
  };
  const deadline = {
    timeoutMs: interactive ? 0 : unattendedTimeoutMs,
    toError: () => fail(`it did not end within ${unattendedTimeoutMs / 1000} s`),
  };
  try {
    const { code, stdout } = await withDeadline(
      deps.clock,
      deadline,
      undefined,
      (signal) => deps.system.run(command, signal),
    );
    if (code !== 0) throw fail(withHint(exec, `it exited with code ${code}`));
    return parseExecCredential(stdout, exec.apiVersion, fail);
  } catch (error) {
    if (error instanceof KubeCredentialError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw fail(withHint(exec, "there is no such command"));
    }
    // The system's message may quote arguments, which may hold secrets.
    throw fail(withHint(exec, error instanceof Error ? error.name : "unknown error"));
  }
}

function withHint(exec: ExecConfig, problem: string): string {
  return exec.installHint ? `${problem}: ${exec.installHint.trim()}` : problem;
}

/** What the plugin reads from `KUBERNETES_EXEC_INFO`. */
async function toExecInfo(
  deps: CredentialDeps,
  exec: ExecConfig,
  connection: Connection,
  interactive: boolean,
): Promise<unknown> {
  const { certificateAuthority, serverName, insecure } = connection.trust;
  const pem = exec.provideClusterInfo && certificateAuthority
    ? await loadPem(deps.system, certificateAuthority)
    : undefined;
  const cluster = {
    server: connection.server,
    "tls-server-name": serverName,
    "insecure-skip-tls-verify": insecure || undefined,
    "certificate-authority-data": pem && new TextEncoder().encode(pem).toBase64(),
    "proxy-url": connection.proxyUrl,
    config: connection.execPluginConfig,
  };
  return {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive, ...(exec.provideClusterInfo ? { cluster } : {}) },
  };
}
