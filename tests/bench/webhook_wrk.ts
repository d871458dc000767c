/**
 * The load generator of the webhook's benchmark: `wrk -t1 -c16`.
 *
 * @module
 */

/** What became of one run. */
export interface WrkResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Connections, reads, writes, timeouts and statuses other than 2xx. */
  readonly failures: number;
}

const script = new URL("webhook_load.lua", import.meta.url).pathname;

/** Whether wrk is on the PATH. */
export async function hasWrk(): Promise<boolean> {
  try {
    await new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Posts a review for a while.
 *
 * @param bodyPath The file with the review.
 * @throws {Error} If wrk failed.
 */
export async function runWrk(url: string, bodyPath: string, seconds: number): Promise<WrkResult> {
  const { code, stdout, stderr } = await new Deno.Command("wrk", {
    args: ["-t1", "-c16", `-d${seconds}s`, "--timeout", "5s", "-s", script, url, "--", bodyPath],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const line = /^RESULT (.*)$/m.exec(text)?.[1];
  if (code !== 0 || line === undefined) {
    throw new Error(`wrk failed: ${text}${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(line);
}
