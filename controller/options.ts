/**
 * The controller's command line.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { findRegistration, providerNames } from "../providers/registry.ts";
import type { LogLevel } from "../runtime/log.ts";
import type { TimeScale } from "../runtime/clock.ts";
import { defaultNamespace } from "../schemas/labels.ts";

/** Everything the command line says. */
export interface CommandLine {
  readonly help: boolean;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly credentialNamespaces: readonly string[];
  readonly listen: { readonly hostname: string; readonly port: number };
  /** Absent: no admission webhook. */
  readonly webhook: WebhookFlags | undefined;
  readonly logLevel: LogLevel;
  readonly timeScale: TimeScale | undefined;
}

/** What the command line says of the admission webhook. */
export interface WebhookFlags {
  readonly listen: { readonly hostname: string; readonly port: number };
  /** Absent: it makes its own certificates. */
  readonly certificateFolder: string | undefined;
  /** By which it is called besides its Service's names. */
  readonly hosts: readonly string[];
}

/** A mistake on the command line. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What `--help` prints. */
export const usage = `Rents GPU machines for pods that need them, and gives them back.

Usage:
  deno task controller [flags]

Flags:
  --kubeconfig FILE              kubeconfig to use; KUBECONFIG, ~/.kube/config or the cluster's own otherwise
  --context NAME                 context of the kubeconfig
  --namespace NAME               the controller's own namespace (default ${defaultNamespace})
  --credential-namespaces A,B    other namespaces whose Secrets classes may refer to
  --listen HOST:PORT             where /metrics, /healthz and /readyz are served (default 0.0.0.0:8080)
  --webhook-listen HOST:PORT     where the admission webhook is served; without it there is none
  --webhook-cert-dir DIR         folder with tls.crt and tls.key for it, kept by cert-manager for example;
                                 without it the webhook makes, publishes and rotates its own
  --webhook-hosts A,B            names and addresses it is called by besides those of its Service
  --log-level LEVEL              debug, info, warn or error (default info)
  --time-rate N                  simulated time: how many times faster than real time, 1 to 60
  --time-meet TIME               simulated time: RFC 3339 moment at which it meets real time
  --help                         this text

Environment:
${
  providerNames.map((name) =>
    `  ${
      findRegistration(name).urlVariable.padEnd(30)
    } replaces the scheme and host of ${name}, for simulators and proxies`
  ).join("\n")
}
`;

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Reads the command line. @throws {UsageError} Naming the flag and what it takes. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const values = readFlags(args);
  return {
    help: values.help ?? false,
    kubeconfig: values.kubeconfig,
    context: values.context,
    namespace: values.namespace ?? defaultNamespace,
    credentialNamespaces: parseList(values["credential-namespaces"]),
    listen: parseListen("--listen", values.listen ?? "0.0.0.0:8080"),
    webhook: parseWebhook(values),
    logLevel: parseLevel(values["log-level"] ?? "info"),
    timeScale: parseTimeScale(values["time-rate"], values["time-meet"]),
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        help: { type: "boolean", short: "h" },
        kubeconfig: { type: "string" },
        context: { type: "string" },
        namespace: { type: "string" },
        "credential-namespaces": { type: "string" },
        listen: { type: "string" },
        "webhook-listen": { type: "string" },
        "webhook-cert-dir": { type: "string" },
        "webhook-hosts": { type: "string" },
        "log-level": { type: "string" },
        "time-rate": { type: "string" },
        "time-meet": { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseList(text = ""): readonly string[] {
  return text.split(",").filter((item) => item !== "");
}

function parseWebhook(values: ReturnType<typeof readFlags>): CommandLine["webhook"] {
  const listen = values["webhook-listen"];
  const certificateFolder = values["webhook-cert-dir"];
  const hosts = parseList(values["webhook-hosts"]);
  if (listen !== undefined) {
    const wrong = hosts.find((host) =>
      !/^([\w-]+(\.[\w-]+)*|[\da-fA-F:.]*:[\da-fA-F:.]*)$/.test(host)
    );
    if (wrong !== undefined) {
      throw new UsageError(`--webhook-hosts takes names and addresses, not "${wrong}"`);
    }
    return { listen: parseListen("--webhook-listen", listen), certificateFolder, hosts };
  }
  if (certificateFolder === undefined && hosts.length === 0) return undefined;
  throw new UsageError("--webhook-cert-dir and --webhook-hosts need --webhook-listen");
}

function parseListen(flag: string, text: string): CommandLine["listen"] {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port > 65535) {
    throw new UsageError(`${flag} takes HOST:PORT such as 0.0.0.0:8080, not "${text}"`);
  }
  return { hostname: match[1].replace(/^\[(.*)\]$/, "$1"), port };
}

function parseLevel(text: string): LogLevel {
  const level = levels.find((candidate) => candidate === text);
  if (!level) throw new UsageError(`--log-level takes ${levels.join(", ")}, not "${text}"`);
  return level;
}

function parseTimeScale(rate: string | undefined, meet: string | undefined): TimeScale | undefined {
  if (rate === undefined && meet === undefined) return undefined;
  const meetMs = Date.parse(meet ?? "");
  const factor = Number(rate);
  if (!(factor >= 1 && factor <= 60)) {
    throw new UsageError("--time-rate takes a number from 1 to 60");
  }
  if (Number.isNaN(meetMs)) throw new UsageError("--time-meet takes an RFC 3339 time");
  return { rate: factor, meetMs };
}
