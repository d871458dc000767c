import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import {
  computeTokenId,
  createTokenSecret,
  createTokenSecretObject,
  formatToken,
  tokenPattern,
} from "../../../controller/bootstrap/token.ts";

Deno.test("computeTokenId() gives a valid id, the same for the same claim and salt", () => {
  fc.assert(fc.property(fc.uuid(), fc.nat(10), (uid, salt) => {
    const id = computeTokenId(uid, salt);
    assert.match(id, /^[a-z0-9]{6}$/);
    assert.equal(computeTokenId(uid, salt), id);
    assert.notEqual(computeTokenId(uid, salt + 1), id);
  }));
});

Deno.test("computeTokenId() spreads over the alphabet at every place", () => {
  const seen = Array.from({ length: 6 }, () => new Map<string, number>());
  for (let index = 0; index < 3600; index++) {
    const id = computeTokenId(`claim-${index}`, 0);
    seen.forEach((counts, place) => {
      const letter = id.charAt(place);
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    });
  }
  for (const counts of seen) {
    assert.equal(counts.size, 36);
    // 100 expected each; 50 to 160 is six standard deviations.
    for (const count of counts.values()) assert.ok(count > 40 && count < 160, `${count}`);
  }
});

Deno.test("createTokenSecret() is never the same", () => {
  const secrets = Array.from({ length: 1000 }, createTokenSecret);
  assert.equal(new Set(secrets).size, 1000);
  for (const secret of secrets) {
    assert.match(formatToken({ id: "abc123", secret }), tokenPattern);
  }
});

Deno.test("createTokenSecretObject() is what Kubernetes' token authenticator reads", () => {
  const token = { id: "nzxy37", secret: "0123456789abcdef" };
  const expiresAt = Date.UTC(2026, 0, 1, 0, 30, 0, 999);
  const { metadata, type, data } = createTokenSecretObject(token, "tgp-a-b", expiresAt);
  assert.deepEqual(metadata, {
    name: "bootstrap-token-nzxy37",
    namespace: "kube-system",
    labels: { "tgp.io/claim": "tgp-a-b" },
  });
  assert.equal(type, "bootstrap.kubernetes.io/token");
  const decoded = Object.fromEntries(
    Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
  );
  assert.deepEqual(decoded, {
    "token-id": "nzxy37",
    "token-secret": "0123456789abcdef",
    expiration: "2026-01-01T00:30:00Z",
    "usage-bootstrap-authentication": "true",
    "auth-extra-groups": "system:bootstrappers:tgp",
    description: "GPUNodeClaim tgp-a-b",
  });
});
