/**
 * Rendered user data taken apart the way a machine does.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { load } from "js-yaml";

/** One `write_files` entry of cloud-init. */
interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly encoding?: string;
  readonly content: string;
}

/** The cloud-init document, as far as it is used. */
export interface CloudConfig {
  readonly hostname: unknown;
  readonly write_files: readonly WrittenFile[];
  readonly runcmd: readonly (readonly string[])[];
}

/** Parses the document as YAML. */
export function parseCloudConfig(userData: string): CloudConfig {
  return load(userData) as CloudConfig;
}

/** The text of a file that the document writes. */
export function writtenFile(config: CloudConfig, path: string): string {
  const file = config.write_files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  return file.encoding === "gz+b64"
    ? gunzipSync(Buffer.from(file.content, "base64")).toString()
    : file.content;
}

/** The boot script of rendered user data. */
export function bootScript(userData: string): string {
  return writtenFile(parseCloudConfig(userData), "/opt/tgp/bootstrap.sh");
}
