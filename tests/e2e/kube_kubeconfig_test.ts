/** Kubeconfigs as kubectl reads them, which is the truth that client-node only follows. */

import assert from "node:assert/strict";
import {
  type KubeconfigCase,
  kubeconfigCases,
  type Meaning,
  normalize,
  writeKubeconfigCase,
} from "../support/kube_kubeconfigs.ts";
import { locatePrograms } from "./control_plane/locate.ts";

Deno.test("kubectl reads kubeconfigs as we do", async (t) => {
  const { kubectl } = await locatePrograms();
  for (const row of kubeconfigCases) {
    await t.step(row.name, async () => {
      await using written = await writeKubeconfigCase(row);
      const theirs = await view(kubectl, written.paths, row.context);
      if (row.kubectlDiffers) assert.notDeepEqual(theirs, toVisible(row));
      else assert.deepEqual(theirs, toVisible(row));
    });
  }
});

/** `kubectl config view` shows neither what plugins print nor what token files hold. */
function toVisible({ meaning, files }: KubeconfigCase): Meaning {
  const hidden = Object.values(files).some((text) => /exec:|tokenFile:/.test(text));
  return normalize({
    ...meaning,
    authorization: hidden ? undefined : meaning.authorization,
    certificate: hidden ? undefined : meaning.certificate,
    key: hidden ? undefined : meaning.key,
  });
}

interface View {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, unknown>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, unknown>> }[] | null;
  readonly contexts: readonly { readonly context: { readonly namespace?: string } }[];
}

async function view(
  kubectl: string,
  paths: readonly string[],
  context: string | undefined,
): Promise<Meaning | undefined> {
  const args = ["config", "view", "--raw", "--minify", "--flatten", "-o", "json"];
  const { code, stdout } = await new Deno.Command(kubectl, {
    args: context ? [...args, "--context", context] : args,
    env: { KUBECONFIG: paths.join(":") },
    stderr: "null",
  }).output();
  if (code !== 0) return undefined;
  const config: View = JSON.parse(new TextDecoder().decode(stdout));
  const cluster = config.clusters[0]?.cluster ?? {};
  const user = config.users?.[0]?.user ?? {};
  const hidden = user.exec !== undefined || user.tokenFile !== undefined;
  return normalize({
    server: text(cluster.server)?.replace(/\/$/, "") ?? "",
    namespace: config.contexts[0]?.context.namespace,
    ca: decode(cluster["certificate-authority-data"]),
    certificate: hidden ? undefined : decode(user["client-certificate-data"]),
    key: hidden ? undefined : decode(user["client-key-data"]),
    authorization: hidden ? undefined : toAuthorization(user),
    serverName: text(cluster["tls-server-name"]),
    insecure: cluster["insecure-skip-tls-verify"] === true,
    proxyUrl: text(cluster["proxy-url"]),
    impersonateUser: text(user.as),
  });
}

function toAuthorization(user: Readonly<Record<string, unknown>>): string | undefined {
  if (user.token) return `Bearer ${user.token}`;
  return user.username ? `Basic ${btoa(`${user.username}:${user.password}`)}` : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function decode(value: unknown): string | undefined {
  return typeof value === "string" ? atob(value) : undefined;
}
