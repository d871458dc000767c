import assert from "node:assert/strict";
import { findLikelyKeys } from "./likely_keys.ts";

Deno.test("findLikelyKeys() finds what looks like a credential", () => {
  const texts = [
    "secret_" + "tgp_0a1b2c3d4e5f6a7b.Zq7Xw3",
    "rpa_" + "0A1B2C3D4E5F6A7B8C9D0E1F",
    "psp_" + "0a1b2c3d4e5f6a7b8c9d",
    "Authorization: " + "Bearer abcdefgh12345678",
    "authorization: " + "Basic c2VjcmV0OnNlY3JldA==",
    '{ "api_key"' + ': "x" }',
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.x",
    "token abcdef" + ".0123456789abcdef",
    "Zq7Xw3Kp9Rt5Vb2Nm8Lc4Hd6Zq7Xw3Kp9Rt5Vb2Nm8Lc4Hd6",
  ];
  for (const text of texts) assert.equal(findLikelyKeys(text).length > 0, true, text);
});

Deno.test("findLikelyKeys() lets ids, public keys and prices pass", () => {
  const text = JSON.stringify({
    id: "7c1e0b5f9d2a4e7f8b6c3d1a2f4e5b90",
    image: "2f6a1f60-6d0c-4b55-9d1b-6a3c8f0e7d21",
    code: "instance-operations/launch/file-system-in-wrong-region",
    key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEX acme",
    time: "2026-01-01T00:00:00.000000+00:00",
    token: "00000000000000000000000000000000",
    pointer: "/spec/template/spec/containers/0/volumeMounts",
  });
  assert.deepEqual(findLikelyKeys(text), []);
});
