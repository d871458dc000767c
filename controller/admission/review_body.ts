/**
 * The text of a request's body: of bounded size, and certainly the text that was sent.
 *
 * @module
 */

/** Why a body is not read: an HTTP status, and words for whoever sent it. */
export class BodyError extends Error {
  override name = "BodyError";
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The API server itself takes no larger bodies (`MaxRequestBodyBytes`, k8s.io/apiserver v0.36.0). */
export const maxBodyBytes: number = 3 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a body. @throws {BodyError} */
export async function readReviewBody(request: Request): Promise<string> {
  const { headers } = request;
  const type = headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new BodyError(415, `send application/json, not ${type === "" ? "nothing" : `"${type}"`}`);
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") throw new BodyError(415, "send the body without content-encoding");
  const length = headers.get("content-length");
  if (length !== null && Number(length) > maxBodyBytes) throw tooLarge();
  // A length that was sent is what the server lets through; without one it can be any.
  const bytes = length === null
    ? await readBounded(request)
    : new Uint8Array(await request.arrayBuffer());
  if (bytes.length > maxBodyBytes) throw tooLarge();
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new BodyError(400, "the body is not UTF-8", { cause: error });
  }
}

async function readBounded({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(): BodyError {
  return new BodyError(413, `the body is larger than ${maxBodyBytes / 1024 ** 2} MiB`);
}
