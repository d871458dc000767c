/**
 * How a kubeconfig says to run a credential plugin.
 *
 * @module
 */

import { resolve } from "node:path";
import { FieldError, type Fields } from "./fields.ts";

/** Versions of `client.authentication.k8s.io` that clients still speak. */
const apiVersions = [
  "client.authentication.k8s.io/v1",
  "client.authentication.k8s.io/v1beta1",
] as const;

/** When a plugin may ask the user: never, if there is a terminal, or only with one. */
export type InteractiveMode = "Never" | "IfAvailable" | "Always";

/** `users[].user.exec`. */
export interface ExecConfig {
  readonly apiVersion: typeof apiVersions[number];
  /** A name to look up in `PATH`, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Set in addition to the process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What to tell a user who does not have the command. */
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: InteractiveMode;
}

/**
 * Parses `exec`.
 *
 * @param folder Where relative commands with a slash start from: the kubeconfig's folder. Commands
 * without a slash are looked up in `PATH`.
 * @throws {FieldError} If a field is missing or not understood.
 */
export function parseExecConfig(fields: Fields, folder: string): ExecConfig {
  const command = fields.requiredString("command");
  const apiVersion = parseApiVersion(fields);
  return {
    apiVersion,
    command: command.includes("/") ? resolve(folder, command) : command,
    args: fields.strings("args"),
    env: Object.fromEntries(
      fields.fieldsList("env").map((item) => [
        item.requiredString("name"),
        item.string("value") ?? "",
      ]),
    ),
    installHint: fields.string("installHint") || undefined,
    provideClusterInfo: fields.boolean("provideClusterInfo") ?? false,
    interactiveMode: parseInteractiveMode(fields, apiVersion),
  };
}

function parseApiVersion(fields: Fields): ExecConfig["apiVersion"] {
  const written = fields.requiredString("apiVersion");
  const known = apiVersions.find((version) => version === written);
  if (known) return known;
  throw new FieldError(
    `${fields.at("apiVersion")} is "${written}", but must be ${apiVersions.join(" or ")}: ` +
      "update the plugin and the kubeconfig",
  );
}

/** Required by v1; `IfAvailable` when v1beta1 leaves it out. */
function parseInteractiveMode(fields: Fields, apiVersion: string): InteractiveMode {
  const modes = ["Never", "IfAvailable", "Always"] as const;
  const written = fields.string("interactiveMode");
  if (!written && apiVersion.endsWith("/v1beta1")) return "IfAvailable";
  const known = modes.find((mode) => mode === written);
  if (known) return known;
  throw new FieldError(
    `${fields.at("interactiveMode")} is ${written ? `"${written}"` : "missing"}, but must be ${
      modes.join(", ")
    }`,
  );
}
