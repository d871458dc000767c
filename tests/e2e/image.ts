/**
 * The controller as the image has it, without a container runtime: built from the files that the
 * Containerfile copies, by its command, and started by its entry point.
 *
 * @module
 */

import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  parseContainerfile,
  readContextCopies,
  readEntrypoint,
  textsOf,
} from "../support/containerfile.ts";

const root = new URL("../../", import.meta.url);

/** Where things lie in the image. */
const inImage = {
  deno: "/usr/local/bin/deno",
  code: "/opt/tgp",
  account: "/var/run/secrets/kubernetes.io/serviceaccount",
} as const;

/** See the module. */
export interface Image {
  /** Program and flags; the controller's own arguments follow. */
  readonly command: readonly string[];
}

/**
 * Builds into a folder.
 *
 * @param credentials Folder that stands for the service account's in a Pod.
 */
export async function buildImage(folder: string, credentials: string): Promise<Image> {
  const stages = parseContainerfile(await Deno.readTextFile(new URL("Containerfile", root)));
  const [build, image] = stages;
  const source = `${folder}/src`;
  for (const path of readContextCopies(build)) {
    await copy(fileURLToPath(new URL(path, root)), `${source}/${path}`);
  }
  const bundling = textsOf(build, "RUN").filter((text) => text.startsWith("deno bundle "));
  assert.equal(bundling.length, 1, "the Containerfile bundles otherwise");
  const code = `${folder}/code`;
  const args = bundling.join().split(" ").slice(1).map((arg) => arg === "/out" ? code : arg);
  const { code: exit, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: source,
    stderr: "piped",
  }).output();
  assert.equal(exit, 0, new TextDecoder().decode(stderr));
  return {
    command: readEntrypoint(image).map((word) =>
      word.replaceAll(inImage.deno, Deno.execPath()).replaceAll(inImage.code, code)
        .replaceAll(inImage.account, credentials)
    ),
  };
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}
