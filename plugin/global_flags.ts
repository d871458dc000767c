/**
 * kubectl's flags that every command takes: which cluster, as whom.
 *
 * kubectl hands a plugin its words unchanged and refuses flags before the plugin's name, so they may
 * stand anywhere after `tgp`.
 *
 * @module
 */

import type { ConnectionFlags } from "../kube/resolve_connection.ts";
import { UsageError } from "./plugin_error.ts";

/** The flags, as given. */
export interface GlobalFlags extends ConnectionFlags {
  /** Where the controller keeps its offers. @default {"tgp-system"} */
  readonly controllerNamespace?: string | undefined;
}

/** One global flag. */
export interface GlobalFlag {
  /** Without dashes. */
  readonly name: string;
  readonly key: keyof GlobalFlags;
  readonly short?: string;
  readonly kind: "text" | "switch" | "list";
  readonly brief: string;
}

/** Every global flag, in the order of `kubectl tgp options`. */
export const globalFlags: readonly GlobalFlag[] = [
  text("as", "as", "Username to impersonate for the operation"),
  {
    name: "as-group",
    key: "asGroup",
    kind: "list",
    brief: "Group to impersonate for the operation; may be given more than once",
  },
  text("as-uid", "asUid", "UID to impersonate for the operation"),
  text("certificate-authority", "certificateAuthority", "Path to a certificate authority's file"),
  text("client-certificate", "clientCertificate", "Path to a client certificate file for TLS"),
  text("client-key", "clientKey", "Path to a client key file for TLS"),
  text("cluster", "cluster", "The name of the kubeconfig cluster to use"),
  text("context", "context", "The name of the kubeconfig context to use"),
  text("controller-namespace", "controllerNamespace", "Where the controller keeps its offers"),
  {
    name: "insecure-skip-tls-verify",
    key: "insecureSkipTlsVerify",
    kind: "switch",
    brief: "Do not check the server's certificate",
  },
  text("kubeconfig", "kubeconfig", "Path to the kubeconfig file to use"),
  { ...text("namespace", "namespace", "The namespace scope for this request"), short: "n" },
  text(
    "request-timeout",
    "requestTimeout",
    "How long to wait for one answer of the server, such as 5s; 0 is for ever",
  ),
  { ...text("server", "server", "The address and port of the Kubernetes API server"), short: "s" },
  text("tls-server-name", "tlsServerName", "Server name to use for server certificate validation"),
  text("token", "token", "Bearer token for authentication to the API server"),
  text("user", "user", "The name of the kubeconfig user to use"),
];

function text(name: string, key: keyof GlobalFlags, brief: string): GlobalFlag {
  return { name, key, kind: "text", brief };
}

/** Words that are not global flags, and the global flags. */
export interface SplitArguments {
  readonly words: readonly string[];
  readonly flags: GlobalFlags;
}

/**
 * Takes the global flags out of the command line, wherever they stand; what follows `--` stays.
 *
 * @throws {UsageError} If a flag lacks its value.
 */
export function splitGlobalFlags(args: readonly string[]): SplitArguments {
  const words: string[] = [];
  const flags: Record<string, string | boolean | string[]> = {};
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "--") {
      words.push(...args.slice(index));
      break;
    }
    const { flag, value } = matchFlag(word);
    if (!flag) {
      words.push(word);
    } else if (flag.kind === "switch") {
      flags[flag.key] = parseSwitch(flag, value);
    } else {
      const given = value ?? args[++index];
      if (given === undefined) throw new UsageError(`flag needs an argument: --${flag.name}`);
      const earlier = flags[flag.key];
      flags[flag.key] = flag.kind === "list"
        ? [...Array.isArray(earlier) ? earlier : [], given]
        : given;
    }
  }
  return { words, flags };
}

/** `--name`, `--name=value`, `-n`, `-n=value` or `-nvalue`. */
function matchFlag(
  word: string,
): { readonly flag: GlobalFlag | undefined; readonly value: string | undefined } {
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
  if (long) return { flag: globalFlags.find(({ name }) => name === long[1]), value: long[2] };
  const short = /^-([a-z])(?:=?(.+))?$/s.exec(word);
  const flag = short ? globalFlags.find((known) => known.short === short[1]) : undefined;
  return { flag, value: short?.[2] };
}

function parseSwitch(flag: GlobalFlag, value: string | undefined): boolean {
  if (value === undefined || value === "true") return true;
  if (value === "false") return false;
  throw new UsageError(`invalid argument "${value}" for --${flag.name}: write true or false`);
}
