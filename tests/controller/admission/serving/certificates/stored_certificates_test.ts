import assert from "node:assert/strict";
import fc from "fast-check";
import {
  authorityName,
  isOurs,
  parseStored,
} from "../../../../../controller/admission/serving/certificates/stored_certificates.ts";
import { createSyncMaker } from "../../../../support/sync_certificate_maker.ts";
import { buildSecretData, readOne } from "../../../../support/webhook_certificates.ts";

const start = Date.UTC(2026, 0, 1);
const validity = { notBeforeMs: start, notAfterMs: start + 1_000_000 };

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

/** What is wrong with the data. */
function problemOf(data: Record<string, string> | undefined): string {
  const stored = parseStored(data);
  return stored.kind === "unusable" ? stored.problem : "nothing";
}

Deno.test("parseStored() reads back what was stored", async () => {
  const data = await buildSecretData({
    authorities: [start, start - 1000],
    leaf: start,
    signer: 1,
  });
  const stored = parseStored(data);
  assert.ok(stored.kind === "usable");
  const { authorities, leaf, leafAuthority } = stored.certificates;
  assert.equal(authorities.length, 2);
  assert.equal(leafAuthority, authorities[1]?.fingerprint);
  assert.deepEqual(leaf.hosts, ["webhook.example"]);
});

Deno.test("parseStored() says what does not fit together", async () => {
  const data = await buildSecretData({ authorities: [start], leaf: start });
  const other = await buildSecretData({ authorities: [start], leaf: start });
  const foreign = await createSyncMaker().makeAuthority("somebody-else", validity);
  const cases: [string, Record<string, string> | undefined][] = [
    ["ca.crt is missing or not base64", undefined],
    ["ca.crt is missing or not base64", {}],
    ["ca.key is missing or not base64", { ...data, "ca.key": "%%%" }],
    ["ca.crt holds no certificate", { ...data, "ca.crt": "" }],
    [
      "ca.crt holds a certificate that is no authority of the webhook's",
      { ...data, "ca.crt": encode(foreign.certificatePem) },
    ],
    [
      "ca.crt holds a certificate that is no authority of the webhook's",
      { ...data, "ca.crt": data["tls.crt"] ?? "" },
    ],
    [
      "ca.key is not the key of the first certificate in ca.crt",
      { ...data, "ca.key": other["ca.key"] ?? "" },
    ],
    ["tls.crt holds no certificate", { ...data, "tls.crt": encode("no PEM") }],
    [
      "tls.key is not the key of the certificate in tls.crt",
      { ...data, "tls.key": encode("no key") },
    ],
    [
      "tls.crt is not signed by an authority in ca.crt",
      { ...data, "tls.crt": other["tls.crt"] ?? "", "tls.key": other["tls.key"] ?? "" },
    ],
  ];
  for (const [problem, broken] of cases) assert.equal(problemOf(broken), problem);
  assert.equal(problemOf(data), "nothing");
});

Deno.test("parseStored() takes whatever is in a Secret", () => {
  const keys = ["ca.crt", "ca.key", "tls.crt", "tls.key"];
  const value = fc.oneof(fc.string(), fc.base64String(), fc.constant(encode("-----BEGIN ")));
  fc.assert(fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
    const data = Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ""]));
    assert.equal(parseStored(data).kind, "unusable");
  }));
});

Deno.test("isOurs() looks at name and purpose", async () => {
  const maker = createSyncMaker();
  const ours = await maker.makeAuthority(authorityName, validity);
  const leaf = await maker.makeLeaf(ours, [authorityName], validity);
  assert.equal(isOurs(readOne(ours.certificatePem)), true);
  assert.equal(isOurs(readOne(leaf.certificatePem)), false);
  const foreign = await maker.makeAuthority("somebody-else", validity);
  assert.equal(isOurs(readOne(foreign.certificatePem)), false);
});
