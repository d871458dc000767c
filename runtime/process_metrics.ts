/**
 * What a process uses, under the names that Prometheus' own clients use.
 *
 * Of prom-client's default metrics only these are true under Deno, which needs no permission for them. The
 * others read `/proc`, which the controller's image may not, or what Deno has not (handles, collections): they
 * would be exposed as zeros.
 *
 * @module
 */

import process from "node:process";
import { Counter, Gauge, type Registry } from "prom-client";

/** Adds them to a registry; they are read when it is scraped. */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  // Since the process began, not since the last scrape.
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process, all threads, in seconds",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const gauges = {
    process_start_time_seconds: {
      help: "When the process began, in seconds since 1970",
      read: () => performance.timeOrigin / 1e3,
    },
    process_resident_memory_bytes: {
      help: "Memory of the process, all threads, in bytes",
      read: () => Deno.memoryUsage().rss,
    },
    nodejs_heap_size_total_bytes: {
      help: "Heap of the main thread, in bytes",
      read: () => Deno.memoryUsage().heapTotal,
    },
    nodejs_heap_size_used_bytes: {
      help: "Heap of the main thread that is in use, in bytes",
      read: () => Deno.memoryUsage().heapUsed,
    },
    nodejs_external_memory_bytes: {
      help: "Memory of the main thread outside its heap, in bytes",
      read: () => Deno.memoryUsage().external,
    },
  };
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
}
