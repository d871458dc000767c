/**
 * Reading untyped data field by field, with errors that name the field.
 *
 * @module
 */

/** A field is missing or has the wrong type. */
export class FieldError extends Error {
  override name = "FieldError";
}

/** One mapping of a document and where in the document it stands. `null` counts as absent. */
export class Fields {
  /** Path of this mapping, such as `users[0].user`; empty for the document itself. */
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws {FieldError} If `raw` is not a mapping; `undefined` and `null` read as an empty one. */
  constructor(raw: unknown, path = "") {
    this.path = path;
    if (raw === undefined || raw === null) this.#values = {};
    else if (isMapping(raw)) this.#values = raw;
    else throw new FieldError(`${path || "the document"} must be a mapping, not ${describe(raw)}`);
  }

  /** @throws {FieldError} If the field is present and not a string. */
  string(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrongType(key, "a string", value);
  }

  /** A string that must be there and not be empty. */
  requiredString(key: string): string {
    const value = this.string(key);
    if (value) return value;
    throw new FieldError(`${this.at(key)} is missing`);
  }

  /** @throws {FieldError} If the field is present and not `true` or `false`. */
  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.#wrongType(key, "true or false", value);
  }

  /** @throws {FieldError} If the field is present and not a list of strings. */
  strings(key: string): readonly string[] {
    return this.list(key).map((value, index) => {
      if (typeof value === "string") return value;
      throw new FieldError(`${this.at(key)}[${index}] must be a string, not ${describe(value)}`);
    });
  }

  /** Text that the document holds in base64. */
  base64Text(key: string): string | undefined {
    const encoded = this.string(key);
    if (!encoded) return undefined;
    try {
      return new TextDecoder().decode(Uint8Array.fromBase64(encoded));
    } catch {
      // The decoder's own message quotes the input, which may be a private key.
      throw new FieldError(`${this.at(key)} is not base64`);
    }
  }

  /** @throws {FieldError} If the field is present and not a mapping. */
  fields(key: string): Fields {
    return new Fields(this.raw(key), this.at(key));
  }

  /** @throws {FieldError} If the field is present and not a list of mappings. */
  fieldsList(key: string): readonly Fields[] {
    return this.list(key).map((value, index) => new Fields(value, `${this.at(key)}[${index}]`));
  }

  /** @throws {FieldError} If the field is present and not a list. */
  list(key: string): readonly unknown[] {
    const value = this.raw(key) ?? [];
    if (Array.isArray(value)) return value;
    throw this.#wrongType(key, "a list", value);
  }

  /** The value as it is; `null` reads as `undefined`. */
  raw(key: string): unknown {
    return this.#values[key] ?? undefined;
  }

  keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  /** The path of a field of this mapping. */
  at(key: string): string {
    return this.path ? `${this.path}.${key}` : key;
  }

  #wrongType(key: string, wanted: string, value: unknown): FieldError {
    return new FieldError(`${this.at(key)} must be ${wanted}, not ${describe(value)}`);
  }
}

/** Whether a decoded value is a JSON object. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The type of a value, never the value: it may be a credential. */
function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}
