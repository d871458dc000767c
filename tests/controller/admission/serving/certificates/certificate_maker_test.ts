import assert from "node:assert/strict";
import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import {
  isKeyOf,
  isSignedBy,
  type KeyedCertificate,
} from "../../../../../controller/admission/serving/certificates/certificate.ts";
import { createCertificateMaker } from "../../../../../controller/admission/serving/certificates/certificate_maker.ts";
import { readOne } from "../../../../support/webhook_certificates.ts";

const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 600_000 };

Deno.test("createCertificateMaker() makes certificates that a TLS client verifies", async () => {
  const maker = createCertificateMaker();
  const authority = await maker.makeAuthority("ca", validity);
  const other = await maker.makeAuthority("ca", validity);
  const leaf = await maker.makeLeaf(authority, ["localhost", "127.0.0.1"], validity);
  assert.ok(isSignedBy(readOne(leaf.certificatePem), readOne(authority.certificatePem)));
  assert.ok(isKeyOf(leaf.privateKeyPem, readOne(leaf.certificatePem)));
  assert.ok(isKeyOf(authority.privateKeyPem, readOne(authority.certificatePem)));

  await using server = await listen(leaf);
  const both = other.certificatePem + authority.certificatePem;
  assert.equal(await ask(`https://localhost:${server.port}`, authority.certificatePem), "hello");
  assert.equal(await ask(`https://127.0.0.1:${server.port}`, both), "hello");
  await assert.rejects(
    ask(`https://localhost:${server.port}`, other.certificatePem),
    ({ cause }: Error) => /certificate/.test(String(cause)),
  );
});

async function listen({ certificatePem: cert, privateKeyPem: key }: KeyedCertificate) {
  const server = https.createServer({ cert, key }, (_, response) => response.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function ask(url: string, caPem: string): Promise<string> {
  using client = Deno.createHttpClient({ caCerts: [caPem] });
  return await (await fetch(url, { client })).text();
}
