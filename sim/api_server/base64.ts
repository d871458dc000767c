/**
 * Base64, synchronously.
 *
 * @module
 */

/** Bytes in base64. */
export function toBase64Bytes(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** A text's UTF-8 bytes in base64. */
export function toBase64(text: string): string {
  return toBase64Bytes(new TextEncoder().encode(text));
}

/** The text that base64 holds, read as UTF-8. @throws {DOMException} For what is not base64. */
export function fromBase64(encoded: string): string {
  const binary = atob(encoded);
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
