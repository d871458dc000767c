import assert from "node:assert/strict";
import {
  isKeyOf,
  isSignedBy,
  normalizeHost,
  readCertificates,
} from "../../../../../controller/admission/serving/certificates/certificate.ts";
import { createSyncMaker } from "../../../../support/sync_certificate_maker.ts";
import { readOne } from "../../../../support/webhook_certificates.ts";

const validity = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2026, 3, 1) };

Deno.test("readCertificates() reads what a certificate says, and leaves out what is none", async () => {
  const maker = createSyncMaker();
  const authority = await maker.makeAuthority("some-ca", validity);
  const leaf = await maker.makeLeaf(authority, ["a.example", "192.0.2.1", "2001:db8::1"], validity);
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const text = `# a comment\n${authority.certificatePem}${broken}${leaf.certificatePem}`;
  const read = readCertificates(text);
  assert.equal(read.length, 2);
  const [first, second] = read;
  assert.equal(first?.commonName, "some-ca");
  assert.equal(first?.isAuthority, true);
  assert.deepEqual(first?.hosts, []);
  assert.equal(second?.isAuthority, false);
  assert.deepEqual(second?.hosts, ["a.example", "192.0.2.1", "2001:db8::1"]);
  assert.equal(second?.notBeforeMs, validity.notBeforeMs);
  assert.equal(second?.notAfterMs, validity.notAfterMs);
  assert.notEqual(first?.fingerprint, second?.fingerprint);
  assert.equal(readOne(second?.pem ?? "").fingerprint, second?.fingerprint);
  assert.deepEqual(readCertificates(""), []);
});

Deno.test("isSignedBy() tells apart authorities of the same name", async () => {
  const maker = createSyncMaker();
  const [one, other] = [
    await maker.makeAuthority("ca", validity),
    await maker.makeAuthority("ca", validity),
  ];
  const leaf = readOne((await maker.makeLeaf(one, ["a.example"], validity)).certificatePem);
  assert.equal(isSignedBy(leaf, readOne(one.certificatePem)), true);
  assert.equal(isSignedBy(leaf, readOne(other.certificatePem)), false);
  assert.equal(isSignedBy(readOne(one.certificatePem), leaf), false);
});

Deno.test("isKeyOf() knows a certificate's key, another one, and no key at all", async () => {
  const maker = createSyncMaker();
  const authority = await maker.makeAuthority("ca", validity);
  const leaf = await maker.makeLeaf(authority, ["a.example"], validity);
  assert.equal(isKeyOf(leaf.privateKeyPem, readOne(leaf.certificatePem)), true);
  assert.equal(isKeyOf(authority.privateKeyPem, readOne(leaf.certificatePem)), false);
  assert.equal(isKeyOf("no key", readOne(leaf.certificatePem)), false);
});

Deno.test("normalizeHost() gives every host one spelling", () => {
  assert.equal(normalizeHost("0:0:0:0:0:0:0:1"), "::1");
  assert.equal(normalizeHost("2001:DB8::1"), "2001:db8::1");
  assert.equal(normalizeHost("Webhook.Example"), "webhook.example");
  assert.equal(normalizeHost("192.0.2.1"), "192.0.2.1");
});
