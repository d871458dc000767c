/**
 * Kubeconfig files for the users of a control plane.
 *
 * @module
 */

/** How a user proves who they are. */
export type UserCredentials =
  | { readonly certPath: string; readonly keyPath: string }
  | { readonly token: string };

/** One user of one cluster. */
export interface KubeconfigOptions {
  readonly path: string;
  readonly serverUrl: string;
  readonly caCertPath: string;
  readonly credentials: UserCredentials;
}

/** Writes a kubeconfig with one cluster, one user and one context. */
export async function writeKubeconfig(options: KubeconfigOptions): Promise<void> {
  const { path, serverUrl, caCertPath, credentials } = options;
  // A JSON string is a YAML string with every special character quoted.
  const quote = (text: string) => JSON.stringify(text);
  const user = "token" in credentials
    ? `token: ${quote(credentials.token)}`
    : `client-certificate: ${quote(credentials.certPath)}, client-key: ${
      quote(credentials.keyPath)
    }`;
  const text = `apiVersion: v1
kind: Config
clusters:
  - name: test
    cluster: { server: ${quote(serverUrl)}, certificate-authority: ${quote(caCertPath)} }
users:
  - name: user
    user: { ${user} }
contexts:
  - name: test
    context: { cluster: test, user: user }
current-context: test
`;
  await Deno.writeTextFile(path, text, { mode: 0o600 });
}
