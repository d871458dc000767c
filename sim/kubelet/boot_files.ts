/**
 * What a machine's disk holds once its user data has been carried out, and which script that starts.
 *
 * @module
 */

import { FieldError } from "../../kube/fields.ts";

/** One file. */
export interface BootFile {
  readonly content: string;
  readonly executable: boolean;
}

/** A machine after its user data has been carried out. */
export interface BootedSystem {
  readonly hostname: string;
  /** By path. */
  readonly files: ReadonlyMap<string, BootFile>;
  /** The systemd unit that was started last; `undefined` if none was. */
  readonly startedUnit: string | undefined;
}

/**
 * Follows the started unit to its script, as systemd does.
 *
 * @throws {FieldError} If there is no such unit or script, or the script cannot be executed.
 */
export function findStartedScript({ files, startedUnit }: BootedSystem): string {
  if (startedUnit === undefined) throw new FieldError("no systemd unit is started");
  const unit = files.get(`/etc/systemd/system/${startedUnit}`);
  if (unit === undefined) throw new FieldError(`the started unit does not exist: ${startedUnit}`);
  const path = /^ExecStart=(\S+)$/m.exec(unit.content)?.[1] ?? "";
  const script = files.get(path);
  if (script === undefined) throw new FieldError(`ExecStart names no file that exists: ${path}`);
  if (!script.executable) throw new FieldError(`${path} is not executable`);
  return script.content;
}

/** Whether the owner may execute a file of this mode, written in octal. */
export function isExecutable(mode: string): boolean {
  return /^0?[1357][0-7]{2}$/.test(mode);
}

/** @throws {FieldError} If it is not base64. */
export function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    throw new FieldError("base64 is malformed");
  }
}
