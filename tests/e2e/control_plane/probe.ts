/**
 * Asks a program over HTTP whether it is ready.
 *
 * @module
 */

/** How long one answer may take, in milliseconds. */
const answerTimeoutMs = 2_000;

/** Whether `url` answers with a 2xx; anything else, and no answer, is `false`. */
export async function answersOk(url: string, client?: Deno.HttpClient): Promise<boolean> {
  const cancel = new AbortController();
  const timer = setTimeout(() => cancel.abort(), answerTimeoutMs);
  try {
    const response = await fetch(url, {
      signal: cancel.signal,
      ...(client === undefined ? {} : { client }),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
