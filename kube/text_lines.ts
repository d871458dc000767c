/**
 * Lines of a byte stream.
 *
 * @module
 */

/** Longer lines end the stream, in characters; etcd refuses objects of more than 1.5 MiB. */
const maxLineLength = 32 * 1024 * 1024;

/**
 * Yields the non-empty lines of UTF-8 text, however the bytes are cut.
 *
 * @throws {RangeError} If a line does not end: it is too long, or the stream is over before the newline.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const searched = rest.length;
    rest += decoder.decode(chunk, { stream: true });
    let start = 0;
    let end = rest.indexOf("\n", searched);
    while (end >= 0) {
      if (end > start) yield rest.slice(start, end);
      start = end + 1;
      end = rest.indexOf("\n", start);
    }
    rest = rest.slice(start);
    if (rest.length > maxLineLength) throw new RangeError("a line does not end");
  }
  if (rest !== "") throw new RangeError("it ended within a line");
}
