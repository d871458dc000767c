/**
 * A cluster CA for tests.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A new self-signed certificate as a node class holds it: base64 of PEM. */
export async function makeCaBundle(): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("openssl", {
    args: [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(" "),
      ..."-subj /CN=test-ca -keyout /dev/null".split(" "),
    ],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return Buffer.from(stdout).toString("base64");
}
