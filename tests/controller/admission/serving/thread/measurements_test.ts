import assert from "node:assert/strict";
import {
  MeasurementBuffer,
  replay,
} from "../../../../../controller/admission/serving/thread/measurements.ts";
import { createPrometheusMetrics } from "../../../../../runtime/prometheus.ts";

Deno.test("measurements arrive as if they had been taken on the other side", async () => {
  const help = { a_total: "a", b: "b", c_seconds: "c" };
  const direct = createPrometheusMetrics(help, { processMetrics: false });
  const relayed = createPrometheusMetrics(help, { processMetrics: false });
  const buffer = new MeasurementBuffer();
  for (const metrics of [direct, buffer]) {
    metrics.count("a_total", { kind: "x" });
    metrics.count("a_total", { kind: "x" }, 2);
    metrics.count("a_total", { kind: "y" });
    metrics.gauge("b", 7);
    metrics.gauge("b", 0);
    metrics.observe("c_seconds", 0.01);
    metrics.observe("c_seconds", 3);
  }
  replay(structuredClone(buffer.take()), relayed);
  assert.equal(await relayed.expose(), await direct.expose());
  assert.match(await relayed.expose(), /a_total\{kind="x"\} 3/);
});

Deno.test("MeasurementBuffer gives everything once", () => {
  const buffer = new MeasurementBuffer();
  buffer.count("a_total");
  assert.equal(buffer.take().length, 1);
  assert.deepEqual(buffer.take(), []);
});
