import assert from "node:assert/strict";
import {
  isWorthProbing,
  judgeCertificate,
  judgeEndpoint,
  parseEndpoint,
} from "../../../../kube/preflight/checks/endpoint.ts";
import { findingsOf } from "../../../../kube/preflight/finding.ts";
import type { EndpointAnswer } from "../../../../kube/preflight/probe_endpoint.ts";

const now = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;
const about = findingsOf("endpoint", "default");

type Answered = Extract<EndpointAnswer, { readonly kind: "answered" }>;

function answered(change: Partial<Answered> = {}): Answered {
  return {
    kind: "answered",
    distrust: undefined,
    isForHost: true,
    names: "DNS:k8s.example.com",
    notAfterMs: now + 200 * dayMs,
    ...change,
  };
}
const silent: EndpointAnswer = { kind: "silent", why: "connection refused" };

Deno.test("parseEndpoint() reads names and addresses with a port", () => {
  assert.deepEqual(parseEndpoint("k8s.example.com:6443"), { host: "k8s.example.com", port: 6443 });
  assert.deepEqual(parseEndpoint("[2001:db8::1]:443"), { host: "2001:db8::1", port: 443 });
  for (const text of ["k8s.example.com", "k8s.example.com:0", "a:70000", "2001:db8::1:443", ""]) {
    assert.equal(parseEndpoint(text), undefined, text);
  }
});

Deno.test("isWorthProbing() asks nobody who is somebody else there", () => {
  assert.equal(isWorthProbing({ host: "127.0.0.1", port: 6443 }), false);
  assert.equal(isWorthProbing({ host: "10.1.2.3", port: 6443 }), true);
});

const endpoints: readonly (readonly [
  text: string,
  answer: EndpointAnswer | undefined,
  isController: boolean,
  state: string,
  message: RegExp,
])[] = [
  ["k8s.example.com:6443", answered(), false, "ok", /answers$/],
  ["k8s.example.com:6443", undefined, false, "ok", /not tried from here/],
  ["k8s.example.com:6443", silent, false, "fail", /does not answer from here: connection refused/],
  // A public address may be out of reach from inside.
  ["k8s.example.com:6443", silent, true, "warn", /does not answer from here/],
  ["10.96.0.1:443", undefined, false, "fail", /inside a cluster: rented machines cannot reach it/],
  ["kubernetes.default.svc:443", undefined, false, "fail", /inside the cluster only/],
  ["127.0.0.1:6443", undefined, true, "fail", /means the machine itself/],
  ["192.168.1.5:6443", answered(), false, "warn", /only over a network of your own/],
  ["nonsense", undefined, false, "fail", /is not host:port/],
];

for (const [text, answer, isController, state, message] of endpoints) {
  Deno.test(`judgeEndpoint() of ${text}, ${answer?.kind ?? "not tried"}: ${state}`, () => {
    const finding = judgeEndpoint(about, { text, className: "default", answer, isController });
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
    assert.equal(finding.remedy.length > 0, state !== "ok");
  });
}

const certificates: readonly (readonly [Partial<Answered>, state: string, message: RegExp])[] = [
  [{}, "ok", /trusted, and for this name until 2026-07-20/],
  [{ distrust: "it has expired" }, "fail", /would not trust .*: it has expired/],
  [{ isForHost: false }, "fail", /is for other names: DNS:k8s\.example\.com/],
  [{ notAfterMs: now + 3 * dayMs }, "warn", /ends in 3 days/],
];

for (const [change, state, message] of certificates) {
  Deno.test(`judgeCertificate() of ${JSON.stringify(change)}: ${state}`, () => {
    const finding = judgeCertificate(about, "k8s.example.com:6443", answered(change), now);
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
  });
}
