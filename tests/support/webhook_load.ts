/**
 * Clients that keep asking an HTTPS server, and what became of it.
 *
 * @module
 */

/** What became of the requests. */
export interface LoadResult {
  readonly answered: number;
  /** Why others failed; empty when none did. */
  readonly failures: readonly string[];
}

/** How to ask. */
export interface LoadOptions {
  readonly url: string;
  /** PEM. */
  readonly caPem: string;
  readonly protocol: "http1" | "http2";
  readonly clients: number;
  /** Body of every request. */
  readonly body: string;
}

/** Asks until `signal` aborts; what is under way then is waited for. */
export async function load(options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const isHttp2 = options.protocol === "http2";
  using client = Deno.createHttpClient({
    caCerts: [options.caPem],
    http1: !isHttp2,
    http2: isHttp2,
  });
  let answered = 0;
  const failures: string[] = [];
  const ask = async () => {
    while (!signal.aborted) {
      try {
        const { url, body } = options;
        const headers = { "content-type": "application/json" };
        const response = await fetch(url, { client, method: "POST", body, headers });
        await response.text();
        if (response.status === 200) answered++;
        else failures.push(`status ${response.status}`);
      } catch (error) {
        failures.push(error instanceof Error ? `${error.message}: ${error.cause}` : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: options.clients }, ask));
  return { answered, failures };
}
