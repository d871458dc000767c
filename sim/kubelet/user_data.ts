/**
 * Takes user data apart the way cloud-init, systemd and bash would: whatever is broken in the
 * rendered document keeps a simulated machine from joining, too.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { load as parseYaml } from "js-yaml";
import { FieldError, Fields } from "../../kube/fields.ts";
import type { Taint, TaintEffect } from "../../schemas/kubernetes.ts";

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
 * @throws {UserDataFault} Saying what is broken; never quotes the token.
 */
export function readUserData(userData: string): JoinPlan {
  try {
    if (!userData.startsWith("#cloud-config\n")) throw new FieldError("#cloud-config is missing");
    const document = new Fields(parseYaml(userData));
    const variables = readVariables(findStartedScript(document));
    return {
      hostname: document.requiredString("hostname"),
      nodeName: variables.requiredString("NODE"),
      host: variables.requiredString("API"),
      caPem: decodeBase64(variables.requiredString("CA_B64")).toString(),
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

/** Follows `runcmd` to the systemd unit it starts, and the unit to its script. */
function findStartedScript(document: Fields): string {
  const files = new Map(
    document.fieldsList("write_files").map((file) => [
      file.requiredString("path"),
      file,
    ]),
  );
  const started = document.list("runcmd").map((command) =>
    Array.isArray(command) ? command.map(String) : String(command).split(" ")
  ).find(([program, verb]) => program === "systemctl" && verb === "start")?.at(-1);
  const unit = files.get(`/etc/systemd/system/${started}`);
  if (unit === undefined) throw new FieldError(`runcmd starts no unit of write_files: ${started}`);
  const path = /^ExecStart=(\S+)$/m.exec(readContent(unit))?.[1] ?? "";
  const script = files.get(path);
  if (script === undefined) throw new FieldError(`ExecStart names no file of write_files: ${path}`);
  if (!/^0?[157]/.test(script.string("permissions") ?? "")) {
    throw new FieldError(`${path} is not executable`);
  }
  return readContent(script);
}

/** The content of one file, by the encodings of cloud-init that are in use. */
function readContent(file: Fields): string {
  const content = file.requiredString("content");
  switch (file.string("encoding")) {
    case undefined:
      return content;
    case "b64":
      return decodeBase64(content).toString();
    case "gz+b64":
      return gunzipSync(decodeBase64(content)).toString();
    default:
      throw new FieldError(`${file.at("encoding")} is not supported`);
  }
}

function decodeBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new FieldError("base64 is malformed");
  return Buffer.from(text, "base64");
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
