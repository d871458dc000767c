import assert from "node:assert/strict";
import {
  type CsrContext,
  decideCsr,
  findRequestedNode,
  isOurOpenRequest,
  kubeletClientSigner,
} from "../../../controller/bootstrap/csr.ts";
import type { CertificateSigningRequest } from "../../../schemas/kubernetes.ts";
import { claimName, condition, makeClaim, makeCsr, makeRequest } from "./builders.ts";

const good = await makeRequest(`/O=system:nodes/CN=system:node:${claimName}`);
const goodRsa = await makeRequest(`/O=system:nodes/CN=system:node:${claimName}`, [], "rsa");
const launch = makeClaim().status?.launch;

function makeContext(overrides: Partial<CsrContext> = {}): CsrContext {
  return { claim: makeClaim(), tokenId: "nzxy37", nodeExists: false, ...overrides };
}

function assertDenied(
  message: RegExp,
  csr: CertificateSigningRequest,
  context: Partial<CsrContext> = {},
): void {
  const decision = decideCsr(csr, makeContext(context));
  assert.equal(decision.kind, "deny", `${message}: ${JSON.stringify(decision)}`);
  assert.ok(decision.kind === "deny" && message.test(decision.message), JSON.stringify(decision));
  assert.equal(decision.reason, "CSRRejected");
}

Deno.test("decideCsr() approves the request of the claim's own machine", () => {
  assert.equal(findRequestedNode(makeCsr(good)), claimName);
  assert.equal(decideCsr(makeCsr(good), makeContext()).kind, "approve");
});

Deno.test("decideCsr() lets key encipherment pass for RSA keys only", () => {
  const usages = ["digital signature", "key encipherment", "client auth"];
  assert.equal(decideCsr(makeCsr(goodRsa, { usages }), makeContext()).kind, "approve");
  assert.equal(decideCsr(makeCsr(goodRsa), makeContext()).kind, "approve");
  assertDenied(/usages/, makeCsr(good, { usages }));
});

Deno.test("decideCsr() denies other usages", () => {
  for (
    const usages of [
      [],
      ["client auth"],
      ["digital signature", "server auth"],
      ["digital signature", "client auth", "server auth"],
      ["digital signature", "client auth", "any"],
    ]
  ) assertDenied(/usages/, makeCsr(good, { usages }));
});

Deno.test("decideCsr() denies every other subject", async () => {
  for (
    const subject of [
      `/CN=system:node:${claimName}`,
      `/O=system:masters/CN=system:node:${claimName}`,
      `/O=system:nodes/O=system:masters/CN=system:node:${claimName}`,
      `/O=system:nodes+O=system:masters/CN=system:node:${claimName}`,
      `/O=system:nodes/CN=system:node:${claimName}/CN=admin`,
      `/O=system:nodes/OU=x/CN=system:node:${claimName}`,
      "/O=system:nodes/CN=admin",
    ]
  ) assertDenied(/subject must be/, makeCsr(await makeRequest(subject)));
});

Deno.test("decideCsr() denies alternative names and garbage", async () => {
  const named = await makeRequest(`/O=system:nodes/CN=system:node:${claimName}`, [
    "-addext",
    "subjectAltName=IP:192.0.2.1",
  ]);
  assertDenied(/alternative names/, makeCsr(named));
  assertDenied(/not PKCS#10/, makeCsr("aGVsbG8="));
});

Deno.test("decideCsr() denies a token that asks for another claim's name", async () => {
  const other = await makeRequest("/O=system:nodes/CN=system:node:tgp-abc123-h100-zzzzzz");
  assertDenied(/no claim has the name/, makeCsr(other));
  assertDenied(/no claim has the name/, makeCsr(good), { claim: undefined });
  assertDenied(/not issued to the claim/, makeCsr(good), { tokenId: "aaaaaa" });
  assertDenied(/not issued to the claim/, makeCsr(good), { tokenId: undefined });
  assertDenied(
    /not issued to the claim/,
    makeCsr(good, { username: "system:bootstrap:nzxy37 " }),
  );
});

Deno.test("decideCsr() denies once the claim may not join any more", () => {
  const deny = (message: RegExp, context: Partial<CsrContext>) =>
    assertDenied(message, makeCsr(good), context);
  deny(/ending/, { claim: makeClaim({}, { deletionTimestamp: "2026-01-01T00:20:00Z" }) });
  deny(/ending/, { claim: makeClaim({ end: { reason: "Empty", message: "" } }) });
  deny(/node already/, {
    claim: makeClaim({ conditions: [condition("Launched"), condition("Registered")] }),
  });
  deny(/node of this name exists/, { nodeExists: true });
  deny(/3 requests/, { claim: makeClaim({ approvedCSRs: 3 }) });
  deny(/no machine was ordered/, { claim: makeClaim({ launch: undefined, conditions: [] }) });
  deny(/no machine was ordered/, {
    claim: makeClaim({ launch: launch && { ...launch, outcome: "Refused" }, conditions: [] }),
  });
  assert.equal(
    decideCsr(makeCsr(good), makeContext({ claim: makeClaim({ approvedCSRs: 2 }) })).kind,
    "approve",
  );
});

Deno.test("decideCsr() waits while the order of the machine is not settled", () => {
  for (const outcome of ["Pending", "Unknown"] as const) {
    const claim = makeClaim({
      launch: launch && { ...launch, outcome },
      conditions: [condition("Launched", "Unknown")],
    });
    assert.equal(decideCsr(makeCsr(good), makeContext({ claim })).kind, "wait");
  }
});

Deno.test("decideCsr() ignores what is not ours or settled", () => {
  const ignored: CertificateSigningRequest[] = [
    makeCsr(good, { username: "system:node:a", groups: ["system:nodes"] }),
    makeCsr(good, { groups: ["system:bootstrappers", "system:bootstrappers:kubeadm"] }),
    makeCsr(good, { username: "admin" }),
    makeCsr(good, { signerName: "kubernetes.io/kubelet-serving" }),
    makeCsr(good, {}, { conditions: [{ type: "Approved", status: "True" }] }),
    makeCsr(good, {}, { conditions: [{ type: "Denied", status: "True" }] }),
    makeCsr(good, {}, { certificate: "LS0t" }),
  ];
  for (const csr of ignored) {
    assert.equal(decideCsr(csr, makeContext()).kind, "ignore");
    assert.equal(isOurOpenRequest(csr), false);
  }
  assert.equal(isOurOpenRequest(makeCsr(good, { signerName: kubeletClientSigner })), true);
});
