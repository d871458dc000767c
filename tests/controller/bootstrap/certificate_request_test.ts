import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import {
  CertificateRequestError,
  parseCertificateRequest,
} from "../../../controller/bootstrap/certificate_request.ts";
import { makeRequest } from "./builders.ts";

const commonName = "2.5.4.3";
const organization = "2.5.4.10";

Deno.test("parseCertificateRequest() reads subject, key type and alternative names", async () => {
  const cases = [
    {
      made: await makeRequest("/O=system:nodes/CN=system:node:a"),
      subject: [[organization, "system:nodes"], [commonName, "system:node:a"]],
      keyType: "other",
      hasAlternativeNames: false,
    },
    {
      made: await makeRequest("/CN=Zoë", ["-utf8", "-addext", "subjectAltName=DNS:a"]),
      subject: [[commonName, "Zoë"]],
      keyType: "other",
      hasAlternativeNames: true,
    },
    {
      made: await makeRequest("/O=a+O=b/CN=c", ["-addext", "keyUsage=digitalSignature"], "rsa"),
      subject: [[organization, "a"], [organization, "b"], [commonName, "c"]],
      keyType: "rsa",
      hasAlternativeNames: false,
    },
    {
      made: await makeRequest("/1.3.6.1.4.1.311.60.2.1.3=NL"),
      subject: [["1.3.6.1.4.1.311.60.2.1.3", "NL"]],
      keyType: "other",
      hasAlternativeNames: false,
    },
  ];
  for (const { made, subject, keyType, hasAlternativeNames } of cases) {
    const parsed = parseCertificateRequest(made);
    assert.deepEqual(parsed.subject.map(({ type, value }) => [type, value]), subject);
    assert.equal(parsed.keyType, keyType);
    assert.equal(parsed.hasAlternativeNames, hasAlternativeNames);
  }
});

Deno.test("parseCertificateRequest() finds alternative names of every kind", async () => {
  for (const name of ["DNS:a", "IP:192.0.2.1", "URI:spiffe://a/b", "email:a@example.test"]) {
    const made = await makeRequest("/CN=c", ["-addext", `subjectAltName=${name}`]);
    assert.ok(parseCertificateRequest(made).hasAlternativeNames, name);
  }
});

Deno.test("parseCertificateRequest() refuses what is not exactly one request", async () => {
  const made = await makeRequest("/CN=c");
  const pem = Buffer.from(made, "base64").toString();
  const encode = (text: string) => Buffer.from(text).toString("base64");
  const bad = [
    "",
    encode("hello"),
    encode(pem + pem),
    encode(`${pem}trailing`),
    encode(pem.replaceAll("CERTIFICATE REQUEST", "CERTIFICATE")),
    encode("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"),
    encode("-----BEGIN CERTIFICATE REQUEST-----\nMIQ=\n-----END CERTIFICATE REQUEST-----\n"),
  ];
  for (const encoded of bad) {
    assert.throws(() => parseCertificateRequest(encoded), CertificateRequestError, encoded);
  }
});

Deno.test("parseCertificateRequest() never throws anything else, whatever the bytes", async () => {
  const made = await makeRequest("/O=system:nodes/CN=system:node:a", [
    "-addext",
    "subjectAltName=DNS:a",
  ]);
  const pem = Buffer.from(made, "base64").toString();
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, byte, length) => {
      const damaged = Buffer.from(der.subarray(0, length === 0 ? der.length : length));
      if (at < damaged.length) damaged[at] = byte;
      const body = `-----BEGIN CERTIFICATE REQUEST-----\n${damaged.toString("base64")}\n` +
        "-----END CERTIFICATE REQUEST-----\n";
      try {
        parseCertificateRequest(Buffer.from(body).toString("base64"));
      } catch (error) {
        assert.ok(error instanceof CertificateRequestError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
