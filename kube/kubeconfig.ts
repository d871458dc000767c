/**
 * One kubeconfig file, parsed.
 *
 * Field names and meanings: `k8s.io/client-go/tools/clientcmd/api/v1/types.go`, read 2026-11.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { load as loadYaml, YAMLException } from "js-yaml";
import { KubeconfigError } from "./errors.ts";
import { type ExecConfig, parseExecConfig } from "./exec_config.ts";
import { FieldError, Fields } from "./fields.ts";

/** PEM text that stands in the configuration itself or in a file beside it. */
export type PemSource = { readonly pem: string } | { readonly file: string };

/** `clusters[].cluster`; paths are absolute. */
export interface ClusterEntry {
  /** The kubeconfig that it comes from. */
  readonly file: string;
  readonly server: string | undefined;
  readonly certificateAuthority: PemSource | undefined;
  readonly tlsServerName: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly proxyUrl: string | undefined;
  /** What the extension `client.authentication.k8s.io/exec` holds, for exec plugins. */
  readonly execPluginConfig: unknown;
}

/** `users[].user`; paths are absolute. */
export interface UserEntry {
  /** The kubeconfig that it comes from. */
  readonly file: string;
  readonly clientCertificate: PemSource | undefined;
  readonly clientKey: PemSource | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /**
   * The credential plugin. Parsed only when the user is chosen, as client-go does: a plugin entry that
   * is not understood must not spoil the other users of the file.
   *
   * @throws {KubeconfigError} If a field is missing or not understood.
   */
  readonly exec: (() => ExecConfig) | undefined;
  /** Name of a legacy auth provider; those left client-go in 1.26 and are refused here. */
  readonly authProvider: string | undefined;
  readonly impersonate: Impersonation;
}

/** Whom requests act as. */
export interface Impersonation {
  readonly user?: string | undefined;
  readonly uid?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** `contexts[].context`. */
export interface ContextEntry {
  /** The kubeconfig that it comes from. */
  readonly file: string;
  readonly cluster: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

/** A parsed kubeconfig, or several merged. */
export interface Kubeconfig {
  /** The files read, in order of precedence. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/** A kubeconfig that says nothing. */
export const emptyKubeconfig: Kubeconfig = Object.freeze({
  files: [],
  currentContext: undefined,
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
});

/**
 * Parses one kubeconfig.
 *
 * @param text YAML or JSON; empty text is an empty kubeconfig.
 * @param file The file's absolute path, for messages and as the base of relative paths.
 * @throws {KubeconfigError} If the text is malformed; the message names file and field.
 */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  return namingFile(file, () => {
    const fields = new Fields(parseYaml(text));
    return {
      files: [file],
      currentContext: fields.string("current-context") || undefined,
      clusters: parseNamed(fields, "clusters", "cluster", (entry) => parseCluster(entry, file)),
      users: parseNamed(fields, "users", "user", (entry) => parseUser(entry, file)),
      contexts: parseNamed(fields, "contexts", "context", (entry) => parseContext(entry, file)),
    };
  });
}

function namingFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new KubeconfigError(`Cannot read kubeconfig "${file}": ${error.message}`);
  }
}

function parseYaml(text: string): unknown {
  if (text.replace(/^#.*$/gm, "").trim() === "") return undefined;
  try {
    return loadYaml(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // The exception's message quotes the source, which may hold credentials.
    const line = error.mark ? ` in line ${error.mark.line + 1}` : "";
    throw new FieldError(`not valid YAML: ${error.reason}${line}`);
  }
}

/** Parses a list of `{name, <key>: {…}}`; client-go, too, refuses a name that occurs twice. */
function parseNamed<T>(
  fields: Fields,
  listKey: string,
  key: string,
  parse: (entry: Fields) => T,
): ReadonlyMap<string, T> {
  const entries = new Map<string, T>();
  for (const item of fields.fieldsList(listKey)) {
    const name = item.string("name") ?? "";
    if (entries.has(name)) throw new FieldError(`${item.path}.name repeats "${name}"`);
    entries.set(name, parse(item.fields(key)));
  }
  return entries;
}

function parseCluster(entry: Fields, file: string): ClusterEntry {
  return {
    file,
    server: entry.string("server") || undefined,
    certificateAuthority: parsePem(entry, "certificate-authority", file),
    tlsServerName: entry.string("tls-server-name") || undefined,
    insecureSkipTlsVerify: entry.boolean("insecure-skip-tls-verify") ?? false,
    proxyUrl: entry.string("proxy-url") || undefined,
    execPluginConfig: entry.fieldsList("extensions")
      .find((item) => item.string("name") === "client.authentication.k8s.io/exec")
      ?.raw("extension"),
  };
}

function parseUser(entry: Fields, file: string): UserEntry {
  const tokenFile = entry.string("tokenFile");
  const exec = entry.raw("exec") === undefined ? undefined : entry.fields("exec");
  const authProvider = entry.fields("auth-provider").string("name");
  return {
    file,
    clientCertificate: parsePem(entry, "client-certificate", file),
    clientKey: parsePem(entry, "client-key", file),
    token: entry.string("token") || undefined,
    tokenFile: tokenFile ? resolve(dirname(file), tokenFile) : undefined,
    username: entry.string("username") || undefined,
    password: entry.string("password") || undefined,
    exec: exec && (() => namingFile(file, () => parseExecConfig(exec, dirname(file)))),
    authProvider,
    impersonate: {
      user: entry.string("as") || undefined,
      uid: entry.string("as-uid") || undefined,
      groups: entry.strings("as-groups"),
      extra: parseExtra(entry.fields("as-user-extra")),
    },
  };
}

function parseExtra(fields: Fields): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(fields.keys().map((key) => [key, fields.strings(key)]));
}

function parseContext(entry: Fields, file: string): ContextEntry {
  return {
    file,
    cluster: entry.string("cluster") || undefined,
    user: entry.string("user") || undefined,
    namespace: entry.string("namespace") || undefined,
  };
}

/** Reads `<key>-data` and `<key>`; the data wins, as the API's documentation says. */
function parsePem(entry: Fields, key: string, file: string): PemSource | undefined {
  const pem = entry.base64Text(`${key}-data`);
  if (pem !== undefined) return { pem };
  const path = entry.string(key);
  return path ? { file: resolve(dirname(file), path) } : undefined;
}
