import assert from "node:assert/strict";
import { KubeError } from "../../../kube/kube.ts";
import { findingsOf } from "../../../kube/preflight/finding.ts";
import type { PreflightCheck } from "../../../kube/preflight/preflight_check.ts";
import { checkPatienceMs, runPreflight } from "../../../kube/preflight/run_preflight.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PluginHarness } from "../../support/plugin_harness.ts";

const { signal } = new AbortController();

function checkOf(name: string, run: PreflightCheck["run"]): PreflightCheck {
  const reads = () => [{ verb: "list", group: "apps", resource: "daemonsets" }];
  return { names: [name], reads, run };
}

const good = checkOf("good", () => Promise.resolve([findingsOf("good").ok("fine")]));

async function runWith(checks: readonly PreflightCheck[], advanceMs = 0) {
  await using plugin = await PluginHarness.create();
  const clock = new FakeClock();
  const running = runPreflight(
    checks,
    {
      kube: plugin.kube,
      clock,
      namespace: "tgp-system",
      version: "0.1.0",
      clockSkewMs: () => 0,
      isController: false,
    },
    clock,
    signal,
  );
  await clock.advance(advanceMs);
  const findings = await running;
  assert.equal(clock.sleeping, 0);
  return findings;
}

Deno.test("runPreflight() keeps the order, whatever takes how long", async () => {
  const slow = checkOf("slow", async () => {
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    return [findingsOf("slow").ok("fine")];
  });
  assert.deepEqual((await runWith([slow, good])).map(({ check }) => check), ["slow", "good"]);
});

Deno.test("runPreflight() says what looking needs where it is forbidden", async () => {
  const forbidden = checkOf("secret", () => Promise.reject(new KubeError(403, "is forbidden")));
  const [finding, other] = await runWith([forbidden, good]);
  assert.deepEqual(finding, {
    check: "secret",
    state: "unknown",
    message: "is forbidden",
    remedy: ["Looking needs: list daemonsets.apps"],
  });
  assert.equal(other?.state, "ok");
});

Deno.test("runPreflight() waits ten seconds for a check that hangs, and not for the others", async () => {
  const hanging = checkOf("hanging", () => new Promise(() => {}));
  const [finding, other] = await runWith([hanging, good], checkPatienceMs + 1);
  assert.deepEqual([finding?.state, finding?.message], ["unknown", "no answer within 10s"]);
  assert.equal(other?.state, "ok");
});

Deno.test("runPreflight() survives a check that breaks", async () => {
  const broken = checkOf("broken", () => Promise.reject(new TypeError("no such thing")));
  const [finding] = await runWith([broken]);
  assert.deepEqual([finding?.state, finding?.message, finding?.remedy], [
    "unknown",
    "no such thing",
    [],
  ]);
});
