/**
 * Takes user data apart the way cloud-init or a root shell, systemd and bash would: whatever is broken
 * in the rendered text keeps a simulated machine from joining, too.
 *
 * @module
 */

import { FieldError, Fields } from "../../kube/fields.ts";
import type { Taint, TaintEffect } from "../../schemas/kubernetes.ts";
import { type BootedSystem, decodeBase64, findStartedScript } from "./boot_files.ts";
import { cloudConfigHeader, runCloudConfig } from "./cloud_config.ts";
import type { UserDataReader } from "./machine.ts";
import { runStartupScript } from "./startup_script.ts";

/** What a machine finds in its user data. */
export interface JoinPlan {
  readonly hostname: string;
  readonly nodeName: string;
  /** `host:port` of the API server. */
  readonly host: string;
  readonly caPem: string;
  readonly token: string;
  /** Version of the kubelet, such as `1.36.1`. */
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Who brings the GPU driver: `preinstalled`, `operator` or `none`. */
  readonly gpuMode: string;
}

/** Thrown for user data that no machine could join with. */
export class UserDataFault extends Error {
  override name = "UserDataFault";
}

/**
 * Reads what a kubeadm machine is told.
 *
 * @param reader What the machine's image has. @default {"cloud-init"}
 * @throws {UserDataFault} Saying what is broken; never quotes the token.
 */
export function readUserData(userData: string, reader: UserDataReader = "cloud-init"): JoinPlan {
  try {
    const system = carryOut(userData, reader);
    const variables = readVariables(findStartedScript(system));
    return {
      hostname: system.hostname,
      nodeName: variables.requiredString("NODE"),
      host: variables.requiredString("API"),
      caPem: new TextDecoder().decode(decodeBase64(variables.requiredString("CA_B64"))),
      token: variables.requiredString("TOKEN"),
      version: variables.requiredString("VERSION"),
      labels: readLabels(variables.string("LABELS") ?? ""),
      taints: readTaints(variables.string("TAINTS") ?? ""),
      gpuMode: variables.requiredString("GPU"),
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UserDataFault(`User data cannot be used: ${message}`, { cause });
  }
}

/** A shell takes everything for a script; cloud-init goes by the first line. */
function carryOut(userData: string, reader: UserDataReader): BootedSystem {
  if (reader === "shell" || userData.startsWith("#!")) return runStartupScript(userData);
  if (userData.startsWith(cloudConfigHeader)) return runCloudConfig(userData);
  throw new FieldError("it is neither a cloud-config document nor a script");
}

/** Assignments of one single-quoted word, as the script's head has them. */
function readVariables(script: string): Fields {
  if (!script.startsWith("#!/usr/bin/env bash\n")) throw new FieldError("the script is no bash");
  if (/@@[A-Z0-9_]+@@/.test(script)) throw new FieldError("the script has an unfilled placeholder");
  const assignments = script.matchAll(/^([A-Z][A-Z0-9_]*)='((?:[^']|'\\'')*)'$/gm);
  return new Fields(
    Object.fromEntries(
      Array.from(assignments, ([, name, word]) => [name, word?.replaceAll("'\\''", "'")]),
    ),
    "script",
  );
}

/** `a=b,c=d`, as `--node-labels` takes them. */
function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    splitList(text).map((pair) => {
      const [key = "", value] = pair.split("=");
      if (value === undefined) throw new FieldError(`label "${pair}" has no value`);
      return [key, value];
    }),
  );
}

const effects: ReadonlySet<string> = new Set(["NoSchedule", "PreferNoSchedule", "NoExecute"]);

/** `key=value:Effect,key:Effect`, as `--register-with-taints` takes them. */
function readTaints(text: string): Taint[] {
  return splitList(text).map((item) => {
    const [, key = "", value, effect = ""] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(item) ?? [];
    if (!isEffect(effect)) throw new FieldError(`taint "${item}" is malformed`);
    return value ? { key, value, effect } : { key, effect };
  });
}

function isEffect(text: string): text is TaintEffect {
  return effects.has(text);
}

function splitList(text: string): string[] {
  return text === "" ? [] : text.split(",");
}
