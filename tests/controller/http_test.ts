import assert from "node:assert/strict";
import { createProbeHandler } from "../../controller/http.ts";
import { createPrometheusMetrics } from "../../runtime/prometheus.ts";

function setUp() {
  const state: { why: string | undefined } = { why: "the caches are not complete yet" };
  const metrics = createPrometheusMetrics({ tgp_leader: "1 while this process leads" }, {
    processMetrics: false,
  });
  const handler = createProbeHandler(metrics, () => state.why);
  const get = async (path: string) => {
    const response = await handler(new Request(`http://controller.test${path}`));
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  return { state, metrics, get };
}

Deno.test("/healthz says that the process lives, also before it is ready", async () => {
  const { get } = setUp();
  assert.equal((await get("/healthz")).status, 200);
});

Deno.test("/readyz says why not, as long as there is a reason", async () => {
  const { state, get } = setUp();
  const before = await get("/readyz");
  assert.equal(before.status, 503);
  assert.equal(before.text, "the caches are not complete yet\n");
  state.why = undefined;
  assert.equal((await get("/readyz")).status, 200);
});

Deno.test("/metrics exposes what was measured, with Prometheus' content type", async () => {
  const { metrics, get } = setUp();
  metrics.gauge("tgp_leader", 1);
  const { status, text, headers } = await get("/metrics");
  assert.equal(status, 200);
  assert.match(text, /# HELP tgp_leader 1 while this process leads\n.*\ntgp_leader 1\n/);
  assert.match(headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
});

Deno.test("anything else is not found, and says what there is", async () => {
  const { get } = setUp();
  const { status, text } = await get("/debug/pprof");
  assert.equal(status, 404);
  assert.match(text, /\/metrics, \/healthz or \/readyz/);
});
