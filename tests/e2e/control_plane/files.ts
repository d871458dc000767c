/**
 * The files a control plane reads: certificates, tokens, kubeconfigs.
 *
 * @module
 */

import { createAuthority, createServiceAccountKeys, issueCertificate } from "./certificates.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** Somebody the API server knows. */
export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
}

/** Where the files lie. */
export interface FileOptions {
  readonly dir: string;
  readonly serverUrl: string;
  /** Who may come with a token. */
  readonly tokenUsers: readonly User[];
}

/**
 * Writes everything the four programs need into `dir`, and the kubeconfigs `admin.kubeconfig` and
 * `token-of-<user>.kubeconfig`.
 */
export async function writeFiles(options: FileOptions): Promise<void> {
  const { dir, tokenUsers } = options;
  await createAuthority(dir);
  await Promise.all([
    createServiceAccountKeys(dir),
    writeTokens(options, tokenUsers),
    issueCertificate(dir, {
      name: "server",
      commonName: "kube-apiserver",
      usage: "serverAuth",
      subjectAltName: "IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes.default.svc",
    }),
    issueCertificate(dir, {
      name: "kubelet-client",
      commonName: "kube-apiserver-kubelet-client",
      usage: "clientAuth",
    }),
    writeUser(options, "admin", { name: "admin", groups: ["system:masters"] }),
    writeUser(options, "controller-manager", { name: "system:kube-controller-manager" }),
    writeUser(options, "scheduler", { name: "system:kube-scheduler" }),
  ]);
}

/**
 * Makes a client certificate for a user, and a kubeconfig with it.
 *
 * @param name Base name of the files.
 * @returns The path of the kubeconfig.
 */
export async function writeUser(
  { dir, serverUrl }: Pick<FileOptions, "dir" | "serverUrl">,
  name: string,
  user: User,
): Promise<string> {
  const credentials = await issueCertificate(dir, {
    name,
    commonName: user.name,
    organizations: user.groups ?? [],
    usage: "clientAuth",
  });
  const path = `${dir}/${name}.kubeconfig`;
  await writeKubeconfig({ path, serverUrl, caCertPath: `${dir}/ca.crt`, credentials });
  return path;
}

/** The token of a user in the static token file; no secret, the control plane lives for one test. */
export function toToken(userName: string): string {
  return `token-of-${userName.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
}

/** The path of the kubeconfig of a user in the static token file. */
export function toTokenKubeconfigPath(dir: string, userName: string): string {
  return `${dir}/${toToken(userName)}.kubeconfig`;
}

async function writeTokens({ dir, serverUrl }: FileOptions, users: readonly User[]): Promise<void> {
  const lines = users.map(({ name, groups = [] }) =>
    `${toToken(name)},${name},${name},"${groups.join(",")}"`
  );
  // The API server refuses an empty file, so there is always somebody.
  await Deno.writeTextFile(
    `${dir}/tokens.csv`,
    [...lines, `${crypto.randomUUID()},nobody,nobody`].join("\n"),
  );
  for (const { name } of users) {
    await writeKubeconfig({
      path: toTokenKubeconfigPath(dir, name),
      serverUrl,
      caCertPath: `${dir}/ca.crt`,
      credentials: { token: toToken(name) },
    });
  }
}
