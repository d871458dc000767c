/**
 * Builder of connections.
 *
 * @module
 */

import type { Connection } from "../../kube/connection.ts";
import type { ExecConfig } from "../../kube/exec_config.ts";

/** A connection to `https://api.test` as nobody, but for what `changes` says. */
export function buildConnection(changes: Partial<Connection> = {}): Connection {
  return {
    server: "https://api.test",
    namespace: "default",
    trust: { certificateAuthority: undefined, serverName: undefined, insecure: false },
    proxyUrl: undefined,
    authentication: {},
    impersonate: undefined,
    requestTimeoutMs: undefined,
    execPluginConfig: undefined,
    source: 'context "test"',
    ...changes,
  };
}

/** A plugin called `login` that is never interactive, but for what `changes` says. */
export function buildExecConfig(changes: Partial<ExecConfig> = {}): ExecConfig {
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "login",
    args: ["--fast"],
    env: { REGION: "x" },
    installHint: undefined,
    provideClusterInfo: false,
    interactiveMode: "Never",
    ...changes,
  };
}
