import assert from "node:assert/strict";
import { parseKubeconfig } from "../../kube/kubeconfig.ts";

const file = "/home/me/.kube/config";

Deno.test("parseKubeconfig() resolves paths against the folder of the file", () => {
  const { clusters, users } = parseKubeconfig(
    `
clusters: [{name: a, cluster: {certificate-authority: ../ca.pem}}]
users: [{name: a, user: {client-certificate: me.crt, client-key: /keys/me, tokenFile: ./t}}]
`,
    file,
  );
  assert.deepEqual(clusters.get("a")?.certificateAuthority, { file: "/home/me/ca.pem" });
  const user = users.get("a");
  assert.deepEqual(user?.clientCertificate, { file: "/home/me/.kube/me.crt" });
  assert.deepEqual(user?.clientKey, { file: "/keys/me" });
  assert.equal(user?.tokenFile, "/home/me/.kube/t");
});

Deno.test("parseKubeconfig() reads nothing, null and unknown fields", () => {
  for (const text of ["", "# only a comment\n", "---\n", "null", "clusters: null\nusers:\nx: 1"]) {
    assert.equal(parseKubeconfig(text, file).clusters.size, 0, JSON.stringify(text));
  }
});

Deno.test("parseKubeconfig() keeps what an exec plugin wants to know about the cluster", () => {
  const extension = { audience: "x", nested: [1] };
  const text = JSON.stringify({
    clusters: [{
      name: "a",
      cluster: {
        extensions: [
          { name: "minikube.sigs.k8s.io", extension: {} },
          { name: "client.authentication.k8s.io/exec", extension },
        ],
      },
    }],
  });
  assert.deepEqual(parseKubeconfig(text, file).clusters.get("a")?.execPluginConfig, extension);
});

const malformed: readonly (readonly [string, string])[] = [
  ["a: [1\nb: 2", "not valid YAML: deficient indentation in line 2"],
  ["just words", "the document must be a mapping, not a string"],
  ["clusters: {a: b}", "clusters must be a list, not a mapping"],
  ["clusters: [a]", "clusters[0] must be a mapping, not a string"],
  [
    "clusters: [{name: a, cluster: {server: 1}}]",
    "clusters[0].cluster.server must be a string, not a number",
  ],
  [
    "clusters: [{name: a, cluster: {insecure-skip-tls-verify: 'yes'}}]",
    "clusters[0].cluster.insecure-skip-tls-verify must be true or false, not a string",
  ],
  [
    "clusters: [{name: a, cluster: {certificate-authority-data: '%%'}}]",
    "clusters[0].cluster.certificate-authority-data is not base64",
  ],
  [
    "users: [{name: a, user: {token: 12345}}]",
    "users[0].user.token must be a string, not a number",
  ],
  [
    "users: [{name: a, user: {}}, {name: a, user: {}}]",
    'users[1].name repeats "a"',
  ],
  [
    "users: [{name: a, user: {as-groups: [x, 1]}}]",
    "users[0].user.as-groups[1] must be a string, not a number",
  ],
  ["contexts: [{name: a, context: x}]", "contexts[0].context must be a mapping, not a string"],
  ["current-context: [a]", "current-context must be a string, not a list"],
];
for (const [text, problem] of malformed) {
  Deno.test(`parseKubeconfig() names file and field: ${problem}`, () => {
    assert.throws(() => parseKubeconfig(text, file), {
      name: "KubeconfigError",
      message: `Cannot read kubeconfig "${file}": ${problem}`,
    });
  });
}

Deno.test("parseKubeconfig() never quotes a credential", () => {
  const secret = "s3cr3t-t0ken";
  const texts = [
    `users: [{name: a, user: {token: ${secret}: x}}]\n  y: [`,
    `users: [{name: a, user: {token: [${secret}]}}]`,
    `users: [{name: a, user: {client-key-data: "${secret}!"}}]`,
  ];
  for (const text of texts) {
    assert.throws(() => parseKubeconfig(text, file), (error: Error) => {
      assert.ok(!`${error.message} ${error.stack}`.includes(secret), error.message);
      return true;
    });
  }
});

const plugins: readonly (readonly [string, string])[] = [
  ["{}", "users[0].user.exec.command is missing"],
  ["{command: c}", "users[0].user.exec.apiVersion is missing"],
  [
    "{command: c, apiVersion: client.authentication.k8s.io/v1alpha1}",
    'users[0].user.exec.apiVersion is "client.authentication.k8s.io/v1alpha1", but must be ' +
    "client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1: " +
    "update the plugin and the kubeconfig",
  ],
  [
    "{command: c, apiVersion: client.authentication.k8s.io/v1}",
    "users[0].user.exec.interactiveMode is missing, but must be Never, IfAvailable, Always",
  ],
  [
    "{command: c, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, env: [{}]}",
    "users[0].user.exec.env[0].name is missing",
  ],
];
for (const [exec, problem] of plugins) {
  Deno.test(`parseKubeconfig() leaves a bad plugin to its user: ${problem}`, () => {
    const text = `users: [{name: a, user: {exec: ${exec}}}, {name: b, user: {token: t}}]`;
    const { users } = parseKubeconfig(text, file);
    assert.equal(users.get("b")?.token, "t");
    assert.throws(() => users.get("a")?.exec?.(), {
      name: "KubeconfigError",
      message: `Cannot read kubeconfig "${file}": ${problem}`,
    });
  });
}
