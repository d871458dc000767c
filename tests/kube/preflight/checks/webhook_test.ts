import assert from "node:assert/strict";
import {
  judgeWebhook,
  type WebhookConfigurationFacts,
  type WebhookFacts,
} from "../../../../kube/preflight/checks/webhook.ts";
import { createAuthority } from "../../../support/kube_tls.ts";

const { caPem } = await createAuthority();
const now = Date.now();
const later = now + 400 * 86_400_000;

function facts(
  webhook: Partial<WebhookFacts> = {},
  readyReplicas: number | undefined = 2,
): WebhookConfigurationFacts {
  const service = { name: "tgp-webhook", namespace: "tgp-system" };
  return {
    webhooks: [{ name: "validate.tgp.io", caPem, failurePolicy: "Fail", service, ...webhook }],
    readyReplicas,
  };
}

const cases: readonly (readonly [
  what: string,
  WebhookConfigurationFacts | undefined,
  at: number,
  state: string,
  message: RegExp,
])[] = [
  ["all in order", facts(), now, "ok", /trusted, 2 ready/],
  [
    "called by URL, of a public authority",
    facts({ service: undefined, caPem: undefined }),
    now,
    "ok",
    /trusted/,
  ],
  ["none", undefined, now, "warn", /there is none/],
  ["no webhook in it", { webhooks: [], readyReplicas: 2 }, now, "warn", /there is none/],
  ["no caBundle", facts({ caPem: undefined }), now, "fail", /no caBundle, so that nothing can/],
  ["an expired caBundle", facts(), later, "fail", /has expired/],
  ["a caBundle that is none", facts({ caPem: "x" }), now, "fail", /has expired/],
  ["no ready replica", facts({}, 0), now, "fail", /no replica behind its Service is ready/],
  ["open when it fails", facts({ failurePolicy: "Ignore" }), now, "warn", /failurePolicy Ignore/],
];

for (const [what, given, at, state, message] of cases) {
  Deno.test(`judgeWebhook() of ${what}: ${state}`, () => {
    const finding = judgeWebhook(given, at);
    assert.equal(finding.state, state);
    assert.match(finding.message, message);
    assert.equal(finding.remedy.length > 0, state !== "ok");
  });
}
