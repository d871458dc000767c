import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { parseCertificateRequest } from "../../../controller/bootstrap/certificate_request.ts";
import { createKubeletRequest } from "../../../sim/kubelet/certificate_request.ts";
import { objectIdentifier } from "../../../sim/kubelet/der_writer.ts";

const name = "tgp-abc123-h100-x7k2q9";

Deno.test("createKubeletRequest() makes what OpenSSL verifies", async () => {
  const { requestPem } = createKubeletRequest(name);
  const process = new Deno.Command("openssl", {
    args: ["req", "-verify", "-noout", "-subject", "-nameopt", "RFC2253"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(requestPem));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, said);
  assert.match(said, /verify OK/i);
  assert.match(said, new RegExp(`CN=system:node:${name},O=system:nodes`));
});

Deno.test("createKubeletRequest() makes what the controller reads, over a new key each time", () => {
  const first = createKubeletRequest(name);
  assert.deepEqual(parseCertificateRequest(Buffer.from(first.requestPem).toString("base64")), {
    subject: [
      { type: "2.5.4.10", value: "system:nodes" },
      { type: "2.5.4.3", value: `system:node:${name}` },
    ],
    keyType: "other",
    hasAlternativeNames: false,
  });
  assert.notEqual(createKubeletRequest(name).keyPem, first.keyPem);
});

Deno.test("objectIdentifier() writes arcs of any size", () => {
  // RFC 5480: ecdsa-with-SHA256.
  assert.deepEqual(
    [...objectIdentifier("1.2.840.10045.4.3.2")],
    [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  );
});
