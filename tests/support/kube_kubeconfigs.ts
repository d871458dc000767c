/**
 * Kubeconfigs and what they mean, for our loader and for those of others.
 *
 * @module
 */

import { join } from "node:path";
import { createCredentialSource } from "../../kube/credentials.ts";
import { loadConnection } from "../../kube/load_connection.ts";
import { loadPem } from "../../kube/load_pem.ts";
import type { ConnectionFlags } from "../../kube/resolve_connection.ts";
import { denoSystem, type KubeSystem } from "../../kube/system.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";

/** What a kubeconfig comes to. Absent fields: nothing is said. */
export interface Meaning {
  readonly server: string;
  readonly namespace?: string | undefined;
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly authorization?: string | undefined;
  readonly serverName?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly proxyUrl?: string | undefined;
  readonly impersonateUser?: string | undefined;
}

/** One row of the table. */
export interface KubeconfigCase {
  readonly name: string;
  /** Text by path, below one folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The paths in `KUBECONFIG`. */
  readonly paths: readonly string[];
  readonly context?: string;
  readonly meaning: Meaning;
  /** Why `@kubernetes/client-node` is of another opinion, if it is. */
  readonly clientNodeDiffers?: string;
  /** Why kubectl is of another opinion, if it is. */
  readonly kubectlDiffers?: string;
}

const encode = (text: string) => new TextEncoder().encode(text).toBase64();
const server = "https://api.example:6443";

/** One cluster, user and context, all named `a`. */
function single(cluster: string, user: string, context = ""): string {
  return `
apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "${server}"${cluster && `, ${cluster}`}}}]
users: [{name: a, user: {${user}}}]
contexts: [{name: a, context: {cluster: a, user: a${context && `, ${context}`}}}]
`;
}

/** A row with one file. */
function one(
  name: string,
  parts: { cluster?: string; user?: string; context?: string },
  meaning: Partial<Meaning>,
  more: Partial<KubeconfigCase> = {},
): KubeconfigCase {
  const { cluster = "", user = "token: t", context = "" } = parts;
  return {
    name,
    paths: ["config"],
    ...more,
    files: { config: single(cluster, user, context), ...more.files },
    meaning: { server, authorization: "Bearer t", ...meaning },
  };
}

const plugin = (output: string) =>
  `exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: [-c, 'echo "$OUT"'], ` +
  `env: [{name: OUT, value: '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${output}}'}]}`;

const nobody = { authorization: undefined };

/** The table. */
export const kubeconfigCases: readonly KubeconfigCase[] = [
  one("a token", {}, {}),
  one("a namespace", { context: "namespace: team" }, { namespace: "team" }),
  one("no credentials", { user: "" }, nobody),
  one(
    "an authority as data",
    { cluster: `certificate-authority-data: ${encode("CA")}` },
    { ca: "CA" },
  ),
  one("an authority as a relative file", { cluster: "certificate-authority: pki/ca.pem" }, {
    ca: "CA FILE",
  }, { files: { "pki/ca.pem": "CA FILE" } }),
  one(
    "an authority as data and as a file",
    {
      cluster: `certificate-authority-data: ${encode("CA")}, certificate-authority: ca.pem`,
    },
    { ca: "CA" },
    {
      files: { "ca.pem": "CA FILE" },
      clientNodeDiffers: "the file wins there; the API says that the data overrides it",
      kubectlDiffers: "it refuses to run",
    },
  ),
  one("a client certificate as data", {
    user: `client-certificate-data: ${encode("CERT")}, client-key-data: ${encode("KEY")}`,
  }, { ...nobody, certificate: "CERT", key: "KEY" }),
  one(
    "a client certificate in files",
    {
      user: "client-certificate: ./me.crt, client-key: ../me.key",
    },
    { ...nobody, certificate: "CERT FILE", key: "KEY FILE" },
    {
      paths: ["folder/config"],
      files: {
        "folder/config": single("", "client-certificate: ./me.crt, client-key: ../me.key"),
        "folder/me.crt": "CERT FILE",
        "me.key": "KEY FILE",
      },
    },
  ),
  one(
    "a client certificate in a file, its key as data",
    {
      user: `client-certificate: me.crt, client-key-data: ${encode("KEY")}`,
    },
    { ...nobody, certificate: "CERT FILE", key: "KEY" },
    { files: { "me.crt": "CERT FILE" } },
  ),
  one("a client certificate and a token", {
    user: `client-certificate-data: ${encode("C")}, client-key-data: ${encode("K")}, token: t`,
  }, { certificate: "C", key: "K" }),
  one("a token file", { user: "tokenFile: token" }, { authorization: "Bearer from-file" }, {
    files: { token: "from-file\n" },
    clientNodeDiffers: "it reads `token-file`, which no kubeconfig has",
  }),
  one("a token and a token file", { user: "token: t, tokenFile: token" }, {
    authorization: "Bearer from-file",
  }, {
    files: { token: "from-file\n" },
    clientNodeDiffers: "it reads `token-file`, which no kubeconfig has",
  }),
  one("a token and a token file that is missing", { user: "token: t, tokenFile: no" }, {}, {
    kubectlDiffers: "requests do work, but `config view --flatten` wants to read every file",
  }),
  one("a name and a password", { user: "username: me, password: 'p:w'" }, {
    authorization: `Basic ${encode("me:p:w")}`,
  }),
  one("an exec plugin that prints a token", { user: plugin('{"token":"printed"}') }, {
    authorization: "Bearer printed",
  }),
  one("an exec plugin that prints a certificate", {
    user: plugin('{"clientCertificateData":"PC","clientKeyData":"PK"}'),
  }, { ...nobody, certificate: "PC", key: "PK" }),
  one("an exec plugin beside a token", { user: `token: t, ${plugin('{"token":"printed"}')}` }, {}),
  one(
    "a relative exec plugin",
    {
      user:
        "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./bin/login, args: [x]}",
    },
    { authorization: "Bearer printed-x" },
    {
      paths: ["deep/config"],
      files: {
        "deep/config": single(
          "",
          "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./bin/login, args: [x]}",
        ),
        "deep/bin/login":
          `#!/bin/sh\necho '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"printed-'"$1"'"}}'\n`,
      },
      clientNodeDiffers: "it looks the command up from the current folder",
    },
  ),
  one("another name in the server's certificate", { cluster: "tls-server-name: inner" }, {
    serverName: "inner",
  }),
  one("no check of the server", { cluster: "insecure-skip-tls-verify: true" }, { insecure: true }),
  one("no check, and another name", {
    cluster: "insecure-skip-tls-verify: true, tls-server-name: inner",
  }, { insecure: true, serverName: "inner" }),
  one("a proxy", { cluster: "proxy-url: http://me:pw@proxy:3128" }, {
    proxyUrl: "http://me:pw@proxy:3128",
  }),
  one("a SOCKS proxy", { cluster: "proxy-url: socks5://proxy:1080" }, {
    proxyUrl: "socks5://proxy:1080",
  }),
  one("impersonation", { user: "token: t, as: admin" }, { impersonateUser: "admin" }),
  one("impersonation with groups", { user: "token: t, as: admin, as-groups: [g1, g2]" }, {
    impersonateUser: "admin",
  }),
  one("JSON", {}, { namespace: "json" }, {
    files: {
      config: JSON.stringify({
        "current-context": "a",
        clusters: [{ name: "a", cluster: { server } }],
        users: [{ name: "a", user: { token: "t" } }],
        contexts: [{ name: "a", context: { cluster: "a", user: "a", namespace: "json" } }],
      }),
    },
  }),
  one("values that look like other types", { user: "token: '123', as: 'null'" }, {
    authorization: "Bearer 123",
    impersonateUser: "null",
  }),
  one("a slash at the end of the server", {}, {}, {
    files: { config: single("", "token: t").replace(server, `${server}/`) },
  }),
  one("a server with a path", {}, { server: `${server}/k8s/clusters/c-1` }, {
    files: { config: single("", "token: t").replace(server, `${server}/k8s/clusters/c-1`) },
  }),
  ...mergingCases(),
];

function mergingCases(): KubeconfigCase[] {
  const entry = (name: string, text: string) => `
clusters: [{name: ${name}, cluster: {server: "https://${name}.example:1", certificate-authority: ca.pem}}]
users: [{name: ${name}, user: {token: ${text}}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: ns-${text}}}]
`;
  const cas = { "one/ca.pem": "CA ONE", "two/ca.pem": "CA TWO" };
  const paths = ["one/config", "two/config"];
  const meaning = (name: string, text: string, ca: string): Meaning => ({
    server: `https://${name}.example:1`,
    authorization: `Bearer ${text}`,
    namespace: `ns-${text}`,
    ca,
  });
  const strict = "it refuses names that occur in two files";
  return [
    {
      name: "two files: the context of the second",
      files: {
        ...cas,
        "one/config": entry("a", "t1"),
        "two/config": `current-context: b\n${entry("b", "t2")}`,
      },
      paths,
      meaning: meaning("b", "t2", "CA TWO"),
    },
    {
      name: "two files: the first current context wins",
      files: {
        ...cas,
        "one/config": `current-context: a\n${entry("a", "t1")}`,
        "two/config": `current-context: b\n${entry("b", "t2")}`,
      },
      paths,
      meaning: meaning("a", "t1", "CA ONE"),
      clientNodeDiffers: "the last current context wins there",
    },
    {
      name: "two files: a chosen context of the second",
      files: {
        ...cas,
        "one/config": `current-context: a\n${entry("a", "t1")}`,
        "two/config": entry("b", "t2"),
      },
      paths,
      context: "b",
      meaning: meaning("b", "t2", "CA TWO"),
    },
    {
      name: "two files: the first defines all of a name that both have",
      files: {
        ...cas,
        "one/config": `current-context: a\n${entry("a", "t1")}`,
        "two/config": `current-context: a\n${entry("a", "t2")}preferences: {}\n`.replace(
          "certificate-authority: ca.pem",
          "certificate-authority: ca.pem, tls-server-name: other",
        ),
      },
      paths,
      meaning: meaning("a", "t1", "CA ONE"),
      clientNodeDiffers: strict,
    },
    {
      name: "two files: cluster, user and context from different ones",
      files: {
        ...cas,
        "one/config": `
current-context: c
contexts: [{name: c, context: {cluster: b, user: a, namespace: mixed}}]
users: [{name: a, user: {token: t1}}]
`,
        "two/config": entry("b", "t2"),
      },
      paths,
      meaning: { ...meaning("b", "t1", "CA TWO"), namespace: "mixed" },
    },
    {
      name: "several files: missing and empty ones are skipped",
      files: {
        ...cas,
        "two/config": `current-context: b\n${entry("b", "t2")}`,
        "empty": "# nothing\n",
      },
      paths: ["missing", "empty", "two/config"],
      meaning: meaning("b", "t2", "CA TWO"),
      clientNodeDiffers: "it fails on a missing file",
    },
  ];
}

/** Writes the files of a row below a new folder; `dispose` removes it. */
export async function writeKubeconfigCase(row: KubeconfigCase) {
  const folder = await Deno.makeTempDir({ prefix: "kubeconfig-" });
  for (const [path, text] of Object.entries(row.files)) {
    const full = join(folder, path);
    await Deno.mkdir(join(full, ".."), { recursive: true });
    await Deno.writeTextFile(full, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
  return {
    paths: row.paths.map((path) => join(folder, path)),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** What our own loader makes of kubeconfig files. */
export async function loadMeaning(
  paths: readonly string[],
  flags: ConnectionFlags,
): Promise<Meaning> {
  const system: KubeSystem = {
    ...denoSystem,
    env: (name) => name === "KUBECONFIG" ? paths.join(":") : undefined,
  };
  const connection = await loadConnection(system, flags);
  const deps = { system, clock: systemClock, log: silentLog };
  const { headers, certificate } = await createCredentialSource(deps, connection).get();
  const { certificateAuthority, serverName, insecure } = connection.trust;
  const find = (name: string) => headers.find((header) => header[0] === name)?.[1];
  return normalize({
    server: connection.server,
    namespace: connection.namespace === "default" ? undefined : connection.namespace,
    ca: certificateAuthority && await loadPem(system, certificateAuthority),
    certificate: certificate?.certificatePem,
    key: certificate?.keyPem,
    authorization: find("authorization"),
    serverName,
    insecure,
    proxyUrl: connection.proxyUrl,
    impersonateUser: find("impersonate-user"),
  });
}

/** Leaves out what is not said, so that meanings compare. */
export function normalize(meaning: Meaning): Meaning {
  const said = Object.entries(meaning).filter(([, value]) =>
    value !== undefined && value !== false
  );
  return Object.fromEntries(said) as unknown as Meaning;
}
