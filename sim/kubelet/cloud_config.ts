/**
 * Carries out a cloud-init document the way cloud-init would.
 *
 * @module
 */

import { gunzipSync } from "node:zlib";
import { load as parseYaml } from "js-yaml";
import { FieldError, Fields } from "../../kube/fields.ts";
import { type BootedSystem, decodeBase64, isExecutable } from "./boot_files.ts";

/** The line that makes cloud-init take a text for such a document. */
export const cloudConfigHeader = "#cloud-config\n";

/**
 * Carries the document out.
 *
 * @throws {FieldError} Naming the field that cannot be used.
 */
export function runCloudConfig(text: string): BootedSystem {
  const document = new Fields(parseYaml(text));
  const files = document.fieldsList("write_files").map((file) =>
    [file.requiredString("path"), {
      content: readContent(file),
      executable: isExecutable(file.string("permissions") ?? ""),
    }] as const
  );
  const started = document.list("runcmd").map((command) =>
    Array.isArray(command) ? command.map(String) : String(command).split(" ")
  ).findLast(([program, verb]) => program === "systemctl" && verb === "start");
  return {
    hostname: document.requiredString("hostname"),
    files: new Map(files),
    startedUnit: started?.at(-1),
  };
}

/** The content of one file, by the encodings of cloud-init that are in use. */
function readContent(file: Fields): string {
  const content = file.requiredString("content");
  switch (file.string("encoding")) {
    case undefined:
      return content;
    case "b64":
      return new TextDecoder().decode(decodeBase64(content));
    case "gz+b64":
      return gunzipSync(decodeBase64(content)).toString();
    default:
      throw new FieldError(`${file.at("encoding")} is not supported`);
  }
}
