import assert from "node:assert/strict";
import { decodeBundle, readPem } from "../../../kube/preflight/pem.ts";
import { createAuthority } from "../../support/kube_tls.ts";

Deno.test("readPem() reads every certificate of a bundle, or nothing", async () => {
  const [one, two] = [(await createAuthority()).caPem, (await createAuthority()).caPem];
  const found = readPem(`# comment\n${one}\n${two}`);
  assert.equal(found?.length, 2);
  assert.notEqual(found?.[0]?.fingerprint, found?.[1]?.fingerprint);
  assert.ok((found?.[0]?.notAfterMs ?? 0) > Date.now());
  assert.equal(readPem(""), undefined);
  assert.equal(readPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), undefined);
});

Deno.test("decodeBundle() undoes base64, or says that it is none", () => {
  assert.equal(decodeBundle(btoa("hello")), "hello");
  assert.equal(decodeBundle("-----BEGIN"), undefined);
});
