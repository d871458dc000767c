/**
 * The fields of a protobuf message, one after the other.
 *
 * @module
 */

import { badRequest } from "../api_error.ts";

/** One field: its number, and its bytes or its varint. */
export interface WireField {
  readonly number: number;
  readonly bytes?: Uint8Array;
  readonly varint?: bigint;
}

/** Iterates over a message's fields. @throws {ApiError} 400 when the message is cut short or malformed. */
export class ProtobufReader implements Iterable<WireField> {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  *[Symbol.iterator](): Iterator<WireField> {
    while (this.#at < this.#bytes.byteLength) {
      const key = Number(this.#varint());
      const number = key >>> 3;
      switch (key & 7) {
        case 0:
          yield { number, varint: this.#varint() };
          break;
        case 1:
          yield { number, bytes: this.#take(8) };
          break;
        case 2:
          yield { number, bytes: this.#take(Number(this.#varint())) };
          break;
        case 5:
          yield { number, bytes: this.#take(4) };
          break;
        default:
          throw badRequest(`proto: illegal wireType ${key & 7}`);
      }
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw badRequest("proto: unexpected EOF");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw badRequest("proto: integer overflow");
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.byteLength) throw badRequest("proto: unexpected EOF");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
