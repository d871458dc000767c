import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseKubeconfig } from "../../kube/kubeconfig.ts";
import { type ConnectionFlags, resolveConnection } from "../../kube/resolve_connection.ts";

const file = "/kubeconfig";
const kubeconfig = parseKubeconfig(
  `
current-context: plain
clusters:
- {name: one, cluster: {server: "https://one:1", certificate-authority: ca, tls-server-name: inner}}
- {name: two, cluster: {server: "https://two:2", insecure-skip-tls-verify: true}}
- {name: both, cluster: {server: "https://b", insecure-skip-tls-verify: true, certificate-authority: ca}}
- {name: silent, cluster: {}}
- {name: ftp, cluster: {server: "https://f", proxy-url: "ftp://me:secret@p"}}
- {name: bare, cluster: {server: "10.0.0.1:6443", certificate-authority: ca}}
- {name: open, cluster: {server: "10.0.0.1:8080"}}
- {name: odd, cluster: {server: "https://h/?q=1"}}
users:
- {name: token, user: {token: t}}
- {name: basic, user: {username: u, password: p}}
- {name: certificate, user: {client-certificate: c, client-key: k}}
- {name: keyless, user: {client-certificate: c}}
- {name: twice, user: {token: t, username: u, password: p}}
- {name: gcp, user: {auth-provider: {name: gcp}}}
- {name: plugin, user: {exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1}}}
- {name: broken, user: {exec: {}}}
- {name: groups, user: {token: t, as-groups: [g]}}
- {name: acting, user: {token: t, as: her, as-uid: u1, as-groups: [g], as-user-extra: {k: [v, w]}}}
contexts:
- {name: plain, context: {cluster: one, user: token, namespace: team}}
- {name: lost, context: {cluster: nowhere, user: token}}
- {name: nobody, context: {cluster: one, user: nobody}}
`,
  file,
);
const connect = (flags: ConnectionFlags) => resolveConnection(kubeconfig, flags);

Deno.test("resolveConnection() takes the current context", () => {
  const connection = connect({});
  assert.equal(connection.server, "https://one:1");
  assert.equal(connection.namespace, "team");
  assert.deepEqual(connection.trust, {
    certificateAuthority: { file: "/ca" },
    serverName: "inner",
    insecure: false,
  });
  assert.equal(connection.authentication.token, "t");
  assert.equal(connection.source, 'context "plain"');
});

Deno.test("resolveConnection() lets --cluster, --user and --namespace replace parts of it", () => {
  const connection = connect({ cluster: "two", user: "basic", namespace: "n" });
  assert.equal(connection.server, "https://two:2");
  assert.equal(connection.trust.insecure, true);
  assert.deepEqual(connection.authentication.basic, { username: "u", password: "p" });
  assert.equal(connection.namespace, "n");
});

Deno.test("resolveConnection() drops tls-server-name when --server names another machine", () => {
  const connection = connect({ server: "https://elsewhere" });
  assert.equal(connection.server, "https://elsewhere");
  assert.equal(connection.trust.serverName, undefined);
  assert.deepEqual(connection.trust.certificateAuthority, { file: "/ca" });
  assert.equal(connect({ tlsServerName: "x" }).trust.serverName, "x");
  assert.equal(connect({ server: "https://e", tlsServerName: "x" }).trust.serverName, "x");
});

Deno.test("resolveConnection() lets trust flags replace all of the cluster's trust", () => {
  assert.deepEqual(connect({ insecureSkipTlsVerify: true }).trust, {
    certificateAuthority: undefined,
    serverName: "inner",
    insecure: true,
  });
  assert.deepEqual(connect({ cluster: "two", certificateAuthority: "my.pem" }).trust, {
    certificateAuthority: { file: resolve("my.pem") },
    serverName: undefined,
    insecure: false,
  });
});

Deno.test("resolveConnection() lets --token replace the user's own way to log in", () => {
  for (const user of ["token", "basic", "twice", "gcp", "plugin", "broken"]) {
    const { authentication } = connect({ user, token: "flag" });
    assert.deepEqual(authentication, { clientCertificate: undefined, token: "flag" }, user);
  }
  const { authentication } = connect({ user: "certificate", token: "flag" });
  assert.deepEqual(authentication.clientCertificate, {
    certificate: { file: "/c" },
    key: { file: "/k" },
  });
});

Deno.test("resolveConnection() needs no kubeconfig when flags say everything", () => {
  const empty = parseKubeconfig("", file);
  const connection = resolveConnection(empty, { server: "https://s:1/", token: "t" });
  assert.equal(connection.server, "https://s:1");
  assert.equal(connection.namespace, "default");
  assert.equal(connection.source, "the command line");
});

Deno.test("resolveConnection() completes a server without a scheme as client-go does", () => {
  assert.equal(connect({ cluster: "bare" }).server, "https://10.0.0.1:6443");
  assert.equal(connect({ cluster: "open" }).server, "http://10.0.0.1:8080");
});

Deno.test("resolveConnection() impersonates by kubeconfig and by flags", () => {
  assert.deepEqual(connect({ user: "acting" }).impersonate, {
    user: "her",
    uid: "u1",
    groups: ["g"],
    extra: { k: ["v", "w"] },
  });
  assert.deepEqual(connect({ as: "me", asGroup: ["a", "b"] }).impersonate, {
    user: "me",
    uid: undefined,
    groups: ["a", "b"],
    extra: {},
  });
  assert.equal(connect({}).impersonate, undefined);
});

Deno.test("resolveConnection() reads --request-timeout", () => {
  assert.equal(connect({}).requestTimeoutMs, undefined);
  assert.equal(connect({ requestTimeout: "5" }).requestTimeoutMs, 5_000);
});

const refused: readonly (readonly [ConnectionFlags, string])[] = [
  [
    { context: "nope" },
    `Cannot use context "nope": "${file}" has no such context, only: "plain", "lost", "nobody"`,
  ],
  [
    { context: "lost" },
    'Cannot use cluster "nowhere" of context "lost": the kubeconfig has no cluster of that name',
  ],
  [
    { context: "nobody" },
    'Cannot use user "nobody" of context "nobody": the kubeconfig has no user of that name',
  ],
  [{ cluster: "silent" }, `Cannot use cluster "silent" of "${file}": server is missing`],
  [
    { cluster: "odd" },
    'Cannot use server of cluster "odd": "https://h/?q=1" is not the URL of a server',
  ],
  [{ server: "http://" }, 'Cannot use --server: "http://" is not the URL of a server'],
  [
    { cluster: "both" },
    `Cannot trust by cluster "both" of "${file}": ` +
    "insecure-skip-tls-verify and certificate-authority exclude each other",
  ],
  [
    { insecureSkipTlsVerify: true, certificateAuthority: "x" },
    "Cannot trust by the command line: " +
    "insecure-skip-tls-verify and certificate-authority exclude each other",
  ],
  [
    { cluster: "ftp" },
    `Cannot use cluster "ftp" of "${file}": ` +
    "proxy-url must be a URL that starts with http://, https:// or socks5://",
  ],
  [
    { user: "keyless" },
    `Cannot log in as user "keyless" of "${file}": ` +
    "client-certificate is given, but client-key is missing",
  ],
  [
    { user: "twice" },
    `Cannot log in as user "twice" of "${file}": token and username exclude each other`,
  ],
  [
    { user: "gcp" },
    `Cannot log in as user "gcp" of "${file}": ` +
    'auth-provider "gcp" is no longer supported: use the exec plugin of your vendor',
  ],
  [
    { user: "broken" },
    `Cannot read kubeconfig "${file}": users[7].user.exec.command is missing`,
  ],
  [
    { user: "groups" },
    "Cannot impersonate a group, uid or extra field alone: use --as to name the user too",
  ],
  [
    { requestTimeout: "soon" },
    'Cannot use --request-timeout "soon": ' +
    "it must be whole seconds or a duration, such as 30s or 2m",
  ],
];
for (const [flags, message] of refused) {
  Deno.test(`resolveConnection() refuses: ${message}`, () => {
    assert.throws(() => connect(flags), { name: "KubeconfigError", message });
  });
}
