import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { computeTokenId, tokenPattern } from "../../../controller/bootstrap/token.ts";
import {
  ensureToken,
  type EnsureTokenOptions,
  findIssuedTokenId,
  type IssuedToken,
  revokeToken,
  TokenCollisionError,
} from "../../../controller/bootstrap/token_issue.ts";
import type { KubernetesObject, Secret } from "../../../schemas/kubernetes.ts";
import { claimName, makeClaim } from "./builders.ts";
import { Crash, MemoryKube } from "./memory_kube.ts";

const namespace = "tgp-system";
const claim = makeClaim({});
const claimUid = claim.metadata.uid ?? "";
const expiresAt = Date.UTC(2026, 0, 1, 0, 30);

function options(overrides: Partial<EnsureTokenOptions> = {}): EnsureTokenOptions {
  return { namespace, expiresAt, render: (token) => `token is ${token}`, ...overrides };
}

function decode(object: KubernetesObject | undefined, key: string): string {
  const secret = object as Secret | undefined;
  return Buffer.from(secret?.data?.[key] ?? "", "base64").toString();
}

function inNamespace(kube: MemoryKube, wanted: string): KubernetesObject[] {
  return kube.all("secrets").filter(({ metadata }) => metadata.namespace === wanted);
}

/** What was handed out is valid at the API server: the one thing that must hold at the end. */
function assertUsable(kube: MemoryKube, issued: IssuedToken): void {
  const token = issued.userData.replace("token is ", "");
  assert.match(token, tokenPattern);
  const valid = inNamespace(kube, "kube-system").find(({ metadata }) =>
    metadata.name === `bootstrap-token-${issued.id}`
  );
  assert.equal(`${decode(valid, "token-id")}.${decode(valid, "token-secret")}`, token);
  assert.ok(Date.parse(decode(valid, "expiration")) >= expiresAt);
  assert.equal(valid?.metadata.labels?.["tgp.io/claim"], claimName);
}

const stranger: Secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: `bootstrap-token-${computeTokenId(claimUid, 0)}`,
    namespace: "kube-system",
  },
  data: {},
};

Deno.test("ensureToken() issues once and then returns the same", async () => {
  const kube = new MemoryKube();
  const first = await ensureToken(kube, claim, options());
  assertUsable(kube, first);
  assert.equal(first.id, computeTokenId(claimUid, 0));
  const writes = kube.writes.length;
  assert.deepEqual(await ensureToken(kube, claim, options()), first);
  assert.equal(kube.writes.length, writes);
});

Deno.test("ensureToken() records before it publishes, and the record belongs to the claim", async () => {
  const kube = new MemoryKube();
  await ensureToken(kube, claim, options());
  assert.deepEqual(kube.writes.map(({ verb, key }) => `${verb} ${key}`), [
    `create ${namespace}/bootstrap-${claimName}`,
    `create kube-system/bootstrap-token-${computeTokenId(claimUid, 0)}`,
    `replace ${namespace}/bootstrap-${claimName}`,
  ]);
  const [record] = inNamespace(kube, namespace);
  assert.deepEqual(record?.metadata.ownerReferences, [
    { apiVersion: "tgp.io/v1", kind: "GPUNodeClaim", name: claimName, uid: claimUid },
  ]);
});

Deno.test("ensureToken() ends in a usable token after a crash at any write", async () => {
  for (const when of ["before", "after"] as const) {
    for (const at of [0, 1, 2]) {
      const kube = new MemoryKube();
      kube.crashAt(at, when);
      await assert.rejects(ensureToken(kube, claim, options()), Crash);
      const issued = await ensureToken(kube, claim, options());
      assertUsable(kube, issued);
      assert.equal(await findIssuedTokenId(kube, claim, options()), issued.id);
      assert.equal(inNamespace(kube, namespace).length, 1);
      // A crash between publishing and remembering leaves one behind that nobody has.
      const orphan = (at === 1 && when === "after") || (at === 2 && when === "before");
      assert.equal(inNamespace(kube, "kube-system").length, orphan ? 2 : 1, `${when} ${at}`);
    }
  }
});

Deno.test("ensureToken() passes over an id that a stranger holds, and leaves it alone", async () => {
  const kube = new MemoryKube();
  kube.seed("secrets", stranger);
  const issued = await ensureToken(kube, claim, options());
  assert.equal(issued.id, computeTokenId(claimUid, 1));
  assertUsable(kube, issued);
  await revokeToken(kube, claim, { namespace });
  assert.deepEqual(inNamespace(kube, "kube-system").map(({ metadata }) => metadata.name), [
    stranger.metadata.name,
  ]);
});

Deno.test("ensureToken() gives up when every id it tries is taken", async () => {
  const kube = new MemoryKube();
  for (let salt = 0; salt < 4; salt++) {
    const name = `bootstrap-token-${computeTokenId(claimUid, salt)}`;
    kube.seed("secrets", { ...stranger, metadata: { name, namespace: "kube-system" } });
  }
  await assert.rejects(ensureToken(kube, claim, options()), TokenCollisionError);
});

Deno.test("ensureToken() keeps the token for a slightly later deadline", async () => {
  const kube = new MemoryKube();
  const first = await ensureToken(kube, claim, options());
  const second = await ensureToken(kube, claim, options({ expiresAt: expiresAt + 60_000 }));
  assert.equal(second.id, first.id);
});

Deno.test("ensureToken() replaces a token that would not live long enough, at any crash", async () => {
  const later = expiresAt + 3_600_000;
  for (const when of ["before", "after"] as const) {
    for (const at of [0, 1, 2, 3]) {
      const kube = new MemoryKube();
      const first = await ensureToken(kube, claim, options());
      kube.crashAt(at, when);
      await assert.rejects(ensureToken(kube, claim, options({ expiresAt: later })), Crash);
      const second = await ensureToken(kube, claim, options({ expiresAt: later }));
      assert.ok(second.expiresAt >= later);
      assert.notEqual(second.id, first.id);
      assertUsable(kube, second);
      const names = inNamespace(kube, "kube-system").map(({ metadata }) => metadata.name);
      assert.ok(!names.includes(`bootstrap-token-${first.id}`), "the old token is void");
    }
  }
});

Deno.test("ensureToken() renders anew for another offer, around the same token", async () => {
  const kube = new MemoryKube();
  const first = await ensureToken(kube, claim, options());
  const render = (token: string) => `eight GPUs, token is ${token}`;
  const second = await ensureToken(kube, claim, options({ render }));
  assert.equal(second.id, first.id);
  assert.equal(second.userData, `eight GPUs, ${first.userData}`);
  const [record] = inNamespace(kube, namespace);
  assert.equal(decode(record, "user-data"), second.userData);
});

Deno.test("ensureToken() starts over for another claim of the same name, and from a damaged record", async () => {
  const kube = new MemoryKube();
  const first = await ensureToken(kube, claim, options());
  const other = makeClaim({}, { uid: "4f6a1d5e-0000-4000-8000-000000000002" });
  assert.equal(await findIssuedTokenId(kube, other, options()), undefined);
  const second = await ensureToken(kube, other, options());
  assert.equal(second.id, computeTokenId(other.metadata.uid ?? "", 0));
  assertUsable(kube, second);
  assert.notEqual(second.id, first.id);

  const [record] = inNamespace(kube, namespace);
  kube.seed("secrets", { ...record, data: { "token-id": "AAAA" } } as Secret);
  assert.equal(await findIssuedTokenId(kube, other, options()), undefined);
  assertUsable(kube, await ensureToken(kube, other, options()));
});

Deno.test("ensureToken() stores nothing when the user data cannot be rendered", async () => {
  const kube = new MemoryKube();
  const render = () => {
    throw new RangeError("bad label");
  };
  await assert.rejects(ensureToken(kube, claim, options({ render })), RangeError);
  assert.deepEqual(kube.all("secrets"), []);
});

Deno.test("revokeToken() leaves nothing, can be repeated, and survives a crash at any write", async () => {
  for (const when of ["before", "after"] as const) {
    for (const at of [0, 1]) {
      const kube = new MemoryKube();
      await ensureToken(kube, claim, options());
      kube.crashAt(at, when);
      await assert.rejects(revokeToken(kube, claim, { namespace }), Crash);
      await revokeToken(kube, claim, { namespace });
      await revokeToken(kube, claim, { namespace });
      assert.deepEqual(kube.all("secrets"), []);
    }
  }
});

Deno.test("revokeToken() does not touch a Secret that took the name of a removed token", async () => {
  const kube = new MemoryKube();
  const issued = await ensureToken(kube, claim, options());
  const name = `bootstrap-token-${issued.id}`;
  kube.seed("secrets", { ...stranger, metadata: { name, namespace: "kube-system" } });
  await revokeToken(kube, claim, { namespace });
  assert.deepEqual(kube.all("secrets").map(({ metadata }) => metadata.name), [name]);
});
