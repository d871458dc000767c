import assert from "node:assert/strict";
import { readCaBundle } from "../../controller/ca_bundle.ts";
import type { Connection } from "../../kube/connection.ts";

const pem = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";

/** Reads on a system with one file. */
function read(trust: Partial<Connection["trust"]>): Promise<string | undefined> {
  const connection = { trust: { insecure: false, ...trust } as Connection["trust"] };
  return readCaBundle(connection, {
    readTextFile: (path) =>
      path === "/ca.crt" ? Promise.resolve(pem) : Promise.reject(new Error("no such file")),
  });
}

Deno.test("readCaBundle() is what the controller trusts itself, in base64", async () => {
  assert.equal(await read({ certificateAuthority: { file: "/ca.crt" } }), btoa(pem));
  assert.equal(await read({ certificateAuthority: { pem } }), btoa(pem));
});

Deno.test("readCaBundle() is nothing where the platform's roots are trusted", async () => {
  assert.equal(await read({}), undefined);
});

Deno.test("readCaBundle() names the file that it cannot read", async () => {
  await assert.rejects(read({ certificateAuthority: { file: "/gone.crt" } }), /\/gone\.crt/);
});
