/**
 * Bodies of answers that leave in one piece.
 *
 * @module
 */

/** Longest text, in characters, that is sent together with a head like ours: 512 bytes in all. */
const maxPlainLength = 340;

/** Size of the pieces of a longer one, in bytes; HTTP/2 sends pieces below 1 KiB together. */
const pieceBytes = 512;

const encoder = new TextEncoder();

/** Headers for such a body. Nothing is compressed: that costs more than the few hundred bytes it saves. */
export const promptHeaders = Object.freeze({ "cache-control": "no-transform" });

/**
 * Makes a body that leaves at once.
 *
 * `Deno.serve` writes what does not fit into 512 bytes together with its head separately, and over TLS it
 * does not switch Nagle's algorithm off: such a body waits until the client has acknowledged the head,
 * which takes 40 ms on a connection that is in use (Deno 2.9.6 on Linux, 2026-11: 44 ms instead of 0.1 ms,
 * by HTTP/1.1, and by HTTP/2 from 1 KiB on). Small pieces of a stream are gathered and written together
 * with the head; they cost more, so that short answers go without.
 */
export function toPromptBody(text: string): string | ReadableStream<Uint8Array<ArrayBuffer>> {
  if (text.length <= maxPlainLength) return text;
  const bytes = encoder.encode(text);
  return new ReadableStream({
    start(controller) {
      for (let start = 0; start < bytes.length; start += pieceBytes) {
        controller.enqueue(bytes.subarray(start, start + pieceBytes));
      }
      controller.close();
    },
  });
}
