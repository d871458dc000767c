import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import "reflect-metadata";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  X509Certificate as Parsed,
} from "@peculiar/x509";
import { fromBase64, toBase64 } from "../../../sim/api_server/base64.ts";
import { createCertificateAuthority } from "../../../sim/api_server/certificates/certificate_authority.ts";
import { asArray, getIn, type Json } from "../../../sim/api_server/json.ts";
import type { ClusterView } from "../../../sim/control_plane/controller.ts";
import { createCsrSigner } from "../../../sim/control_plane/csr_signer.ts";
import { createKubeletRequest } from "../../../sim/kubelet/certificate_request.ts";

const approved = [{ type: "Approved", status: "True" }];

function makeCsr(overrides: Readonly<Record<string, Json>> = {}, conditions: Json = approved) {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "c", resourceVersion: "5" },
    spec: {
      request: toBase64(createKubeletRequest("n").requestPem),
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
      ...overrides,
    },
    status: { conditions },
  };
}

function viewOf(csr: ReturnType<typeof makeCsr>): ClusterView {
  return {
    list: () => [csr],
    get: () => undefined,
    resources: () => [],
    resourceOf: () => undefined,
    pathOf: () => undefined,
  };
}

async function decide(csr: ReturnType<typeof makeCsr>) {
  const authority = await createCertificateAuthority();
  const { requests } = await createCsrSigner(authority).decide(viewOf(csr), 0);
  return { authority, requests };
}

Deno.test("an approved request is signed for the subject and key in it", async () => {
  const { authority, requests } = await decide(makeCsr());
  const encoded = getIn(requests[0]?.body, "status", "certificate");
  const certificate = new X509Certificate(fromBase64(String(encoded)));
  assert.deepEqual(certificate.subject.split("\n"), ["O=system:nodes", "CN=system:node:n"]);
  assert.ok(certificate.verify(new X509Certificate(authority.certificatePem).publicKey));
  const usages = new Parsed(certificate.toString()).getExtension(ExtendedKeyUsageExtension)?.usages;
  assert.deepEqual([...usages ?? []], [ExtendedKeyUsage.clientAuth]);
  assert.ok(Date.parse(certificate.validTo) > Date.now());
});

Deno.test("what is not approved, denied, failed or for another signer is left alone", async () => {
  for (
    const csr of [
      makeCsr({}, []),
      makeCsr({}, [...approved, { type: "Denied", status: "True" }]),
      makeCsr({}, [...approved, { type: "Failed", status: "True" }]),
      makeCsr({ signerName: "example.com/own" }),
    ]
  ) {
    assert.deepEqual((await decide(csr)).requests, []);
  }
});

Deno.test("an approved request for more than a kubelet may have fails", async () => {
  const { requests } = await decide(makeCsr({ usages: ["server auth"] }));
  const conditions = asArray(getIn(requests[0]?.body, "status", "conditions"));
  assert.equal(getIn(conditions.at(-1), "type"), "Failed");
  assert.equal(getIn(conditions.at(-1), "reason"), "SignerValidationFailure");
});

Deno.test("a request whose signature is not its own fails", async () => {
  const pem = createKubeletRequest("n").requestPem;
  const body = pem.split("\n").slice(1, -2).join("");
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${
    btoa(String.fromCharCode(...bytes))
  }\n-----END CERTIFICATE REQUEST-----\n`;
  const { requests } = await decide(makeCsr({ request: toBase64(forged) }));
  const conditions = asArray(getIn(requests[0]?.body, "status", "conditions"));
  assert.equal(getIn(conditions.at(-1), "type"), "Failed");
});
