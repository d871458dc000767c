/**
 * Renders what a rented machine is started with.
 *
 * Every value is checked against a strict pattern before it goes anywhere: names, labels and taints
 * end up in shell words and in YAML strings. Pure.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { ProviderInfo } from "../../providers/contract.ts";
import { assertNever } from "../../providers/errors.ts";
import type { Taint } from "../../schemas/kubernetes.ts";
import { taints as taintKeys } from "../../schemas/labels.ts";
import { labelKeySchema, labelValueSchema, nameSchema } from "../../schemas/meta.ts";
import { type KubeadmBootstrap, kubeadmBootstrapSchema } from "../../schemas/node_class.ts";
import { cloudConfigTemplate } from "./cloud_config.ts";
import { kubeadmScriptTemplate } from "./kubeadm_script.ts";
import { selectKubeletLabels } from "./node_labels.ts";
import { startupScriptTemplate } from "./startup_script.ts";
import { tokenPattern } from "./token.ts";

/** What one machine's user data is made of. */
export interface UserDataInput {
  /** Claim name, Node name and host name. */
  readonly nodeName: string;
  /** `id.secret`. */
  readonly token: string;
  /** How machines join; the CA bundle must be resolved by now. */
  readonly kubeadm: KubeadmBootstrap & { readonly caBundle: string };
  /** Labels of the future node; those a kubelet may not set are left to the controller. */
  readonly labels: Readonly<Record<string, string>>;
  /** The pool's taints and startup taints; the unregistered taint always comes first. */
  readonly taints: readonly Taint[];
  /** What reads it on the machine. */
  readonly format: ProviderInfo["userDataFormat"];
  /** Most bytes that the cloud takes. */
  readonly maxBytes: number;
}

/** Thrown for a value that cannot be put into user data. Never quotes a token. */
export class UserDataError extends Error {
  override name = "UserDataError";
  /** The input's field. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`Cannot render user data: ${field} ${problem}`);
    this.field = field;
  }
}

/** First minor version whose kubeadm reads the configuration we write (`v1beta4`: 1.31, August 2024). */
export const oldestMinor = 31;

const gpuWords = { Preinstalled: "preinstalled", Operator: "operator", None: "none" } as const;

/**
 * The user data of one machine that joins by kubeadm: plain ASCII text, a cloud-init document or a
 * script for a root shell, both carrying the same boot script.
 *
 * @throws {UserDataError} Naming the field that does not fit, or if the whole is too long.
 */
export function renderUserData(input: UserDataInput): string {
  const { kubeadm } = input;
  check("nodeName", nameSchema.safeParse(input.nodeName).success, "must be a DNS label");
  check("token", tokenPattern.test(input.token), "must be six and sixteen characters, id.secret");
  checkKubeadm(kubeadm);
  const script = fill(kubeadmScriptTemplate, {
    NODE: shellQuote(input.nodeName),
    API: shellQuote(kubeadm.apiServerEndpoint),
    CA_B64: shellQuote(kubeadm.caBundle),
    TOKEN: shellQuote(input.token),
    VERSION: shellQuote(kubeadm.kubernetesVersion),
    LABELS: shellQuote(formatLabels(input.labels)),
    TAINTS: shellQuote(formatTaints(input.taints)),
    GPU: shellQuote(gpuWords[kubeadm.gpuMode ?? "Preinstalled"]),
  });
  const userData = wrap(
    input.format,
    input.nodeName,
    gzipSync(script, { level: 9 }).toString("base64"),
  );
  const bytes = Buffer.byteLength(userData);
  check(
    "size",
    bytes <= input.maxBytes,
    `is ${bytes} bytes, the cloud takes ${input.maxBytes}: ` +
      "put fewer certificates into kubeadm.caBundle, or fewer labels and taints on the node",
  );
  return userData;
}

/** Puts the packed boot script into what the machine reads. */
function wrap(format: UserDataInput["format"], nodeName: string, packed: string): string {
  switch (format) {
    case "cloud-config":
      return fill(cloudConfigTemplate, { NODE: nodeName, SCRIPT_GZ_B64: packed });
    case "script":
      return fill(startupScriptTemplate, { NODE: shellQuote(nodeName), SCRIPT_GZ_B64: packed });
    default:
      return assertNever(format);
  }
}

/** Quotes any text as one POSIX shell word. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function checkKubeadm(kubeadm: UserDataInput["kubeadm"]): void {
  const parsed = kubeadmBootstrapSchema.safeParse(kubeadm);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserDataError(`kubeadm.${issue?.path.join(".")}`, issue?.message ?? "is malformed");
  }
  const port = Number(kubeadm.apiServerEndpoint.split(":").at(-1));
  check("kubeadm.apiServerEndpoint", port >= 1 && port <= 65535, "must have a port of 1 to 65535");
  const minor = Number(kubeadm.kubernetesVersion.split(".")[1]);
  check("kubeadm.kubernetesVersion", minor >= oldestMinor, `must be 1.${oldestMinor}.0 or newer`);
  check(
    "kubeadm.caBundle",
    isCertificateBundle(Buffer.from(kubeadm.caBundle, "base64").toString()),
    "must be PEM certificates in base64, as certificate-authority-data in a kubeconfig",
  );
}

/** Whether a text is PEM certificates, at least one, and nothing that cannot be read. */
export function isCertificateBundle(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0;
  } catch {
    return false;
  }
}

/** `a=b,c=d`, sorted, so that the same labels give the same document. */
function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(selectKubeletLabels(labels)).sort(([left], [right]) =>
    left < right ? -1 : 1
  ).map(([key, value]) => {
    checkLabel("labels", key, value);
    return `${key}=${value}`;
  }).join(",");
}

/** `key=value:Effect,…`; the first of a key and effect counts, as kubelets refuse duplicates. */
function formatTaints(taints: readonly Taint[]): string {
  const formatted = new Map<string, string>();
  const unregistered: Taint = { key: taintKeys.unregistered, effect: "NoExecute" };
  for (const { key, value, effect } of [unregistered, ...taints]) {
    checkLabel("taints", key, value ?? "");
    check(
      `taints["${key}"]`,
      ["NoSchedule", "PreferNoSchedule", "NoExecute"].includes(effect),
      "must have the effect NoSchedule, PreferNoSchedule or NoExecute",
    );
    const identity = `${key}:${effect}`;
    if (formatted.has(identity)) continue;
    formatted.set(identity, value ? `${key}=${value}:${effect}` : identity);
  }
  return [...formatted.values()].join(",");
}

function checkLabel(field: string, key: string, value: string): void {
  const name = JSON.stringify(key);
  check(`${field}[${name}]`, labelKeySchema.safeParse(key).success, "is not a label key");
  check(`${field}[${name}]`, labelValueSchema.safeParse(value).success, "is not a label value");
}

function check(field: string, holds: boolean, problem: string): void {
  if (!holds) throw new UserDataError(field, problem);
}

/** Replaces every `@@NAME@@` in one pass, so that a value can never be taken for a placeholder. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@@([A-Z0-9_]+)@@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`Template has an unknown placeholder "${name}"`);
    return value;
  });
}
