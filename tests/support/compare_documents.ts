/**
 * Compares our document of a vendor's API with the vendor's own.
 *
 * @module
 */

import { type ApiDocument, resolve } from "./vendor_documents.ts";

type Schema = Readonly<Record<string, unknown>>;

/** How documents are compared. */
export interface ComparisonOptions {
  /** What the vendor puts before our paths. */
  readonly prefix: string;
  /** Differences that are meant; each with its reason beside it. */
  readonly meant?: ReadonlySet<string> | undefined;
}

/** A document and a place in it. */
interface Place {
  readonly document: ApiDocument;
  readonly schema: Schema;
}

function enter({ document }: Place, schema: unknown): Place {
  return { document, schema: resolve(document, schema) };
}

/** The types a schema allows; alternatives are joined. */
function typesOf({ document, schema }: Place): Set<string> {
  const branches = [schema["anyOf"], schema["oneOf"]].flat().filter((branch) => branch);
  if (branches.length > 0) {
    return new Set(branches.flatMap((branch) => [
      ...typesOf({ document, schema: resolve(document, branch) }),
    ]));
  }
  return new Set([schema["type"]].flat().map(String));
}

/** The values a schema names, and whether others are allowed, too. */
function valuesOf({ document, schema }: Place): { named: Set<unknown>; open: boolean } {
  const branches = [schema["anyOf"], schema["oneOf"]].flat().filter((branch) => branch);
  if (branches.length > 0) {
    const parts = branches.map((branch) =>
      valuesOf({ document, schema: resolve(document, branch) })
    );
    return {
      named: new Set(parts.flatMap((part) => [...part.named])),
      open: parts.some((part) => part.open),
    };
  }
  const named = schema["enum"] ?? (schema["const"] === undefined ? undefined : [schema["const"]]);
  return named === undefined
    ? { named: new Set(), open: true }
    : { named: new Set(named as unknown[]), open: false };
}

/** Why an answer that fits the vendor's schema may not fit ours. */
function* compareAnswer(our: Place, their: Place, path: string): Generator<string> {
  const ourTypes = typesOf(our);
  for (const type of typesOf(their)) {
    if (!ourTypes.has(type)) yield `${path}: the vendor sends ${type}, we expect ${[...ourTypes]}`;
  }
  const [ourValues, theirValues] = [valuesOf(our), valuesOf(their)];
  for (const value of theirValues.named) {
    if (ourValues.named.size > 0 && !ourValues.named.has(value)) {
      yield `${path}: the vendor names ${JSON.stringify(value)}, we do not`;
    }
  }
  for (const value of ourValues.named) {
    if (!theirValues.open && !theirValues.named.has(value)) {
      yield `${path}: we name ${JSON.stringify(value)}, the vendor does not`;
    }
  }
  if (theirValues.open && !ourValues.open) yield `${path}: the vendor's set is open, ours is not`;
  const theirRequired = new Set([their.schema["required"]].flat());
  for (const field of [our.schema["required"]].flat()) {
    if (field !== undefined && !theirRequired.has(field)) {
      yield `${path}.${field}: required by us, not promised by the vendor`;
    }
  }
  const theirFields = (their.schema["properties"] ?? {}) as Schema;
  for (const [field, schema] of Object.entries((our.schema["properties"] ?? {}) as Schema)) {
    if (theirFields[field] === undefined) yield `${path}.${field}: the vendor has no such field`;
    else {
      yield* compareAnswer(
        enter(our, schema),
        enter(their, theirFields[field]),
        `${path}.${field}`,
      );
    }
  }
  for (const inner of ["items", "additionalProperties"]) {
    const [ourInner, theirInner] = [our.schema[inner], their.schema[inner]];
    if (typeof ourInner === "object" && typeof theirInner === "object") {
      yield* compareAnswer(enter(our, ourInner), enter(their, theirInner), `${path}[]`);
    }
  }
}

/** Why a request that fits our schema may not fit the vendor's. */
function* compareRequest(our: Place, their: Place, path: string): Generator<string> {
  const theirTypes = typesOf(their);
  for (const type of typesOf(our)) {
    if (!theirTypes.has(type)) {
      yield `${path}: we send ${type}, the vendor takes ${[...theirTypes]}`;
    }
  }
  for (const limit of ["maxLength", "minLength", "pattern"]) {
    if (our.schema[limit] !== their.schema[limit] && their.schema[limit] !== 0) {
      yield `${path}: ${limit} is ${our.schema[limit]} here, ${their.schema[limit]} there`;
    }
  }
  const ourRequired = new Set([our.schema["required"]].flat());
  for (const field of [their.schema["required"]].flat()) {
    if (field !== undefined && !ourRequired.has(field)) {
      yield `${path}.${field}: required by the vendor, not by us`;
    }
  }
  const theirFields = (their.schema["properties"] ?? {}) as Schema;
  for (const [field, schema] of Object.entries((our.schema["properties"] ?? {}) as Schema)) {
    if (theirFields[field] === undefined) yield `${path}.${field}: the vendor has no such field`;
    else {
      yield* compareRequest(
        enter(our, schema),
        enter(their, theirFields[field]),
        `${path}.${field}`,
      );
    }
  }
  if (our.schema["items"] !== undefined) {
    yield* compareRequest(
      enter(our, our.schema["items"]),
      enter(their, their.schema["items"]),
      `${path}[]`,
    );
  }
}

function answerSchema(document: ApiDocument, response: unknown): Place {
  const content = resolve(document, response)["content"] as Schema | undefined;
  const json = content?.["application/json"] as { schema?: unknown } | undefined;
  return { document, schema: resolve(document, json?.schema ?? {}) };
}

/** Every difference between our document and the vendor's that could hurt. */
export function compareDocuments(
  our: ApiDocument,
  their: ApiDocument,
  { prefix, meant = new Set() }: ComparisonOptions,
): string[] {
  const differences: string[] = [];
  for (const [path, methods] of Object.entries(our.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const other = their.paths[prefix + path]?.[method];
      if (other === undefined) {
        differences.push(`${name}: the vendor has no such operation`);
        continue;
      }
      if (operation.operationId !== other.operationId) {
        differences.push(
          `${name}: operationId is ${operation.operationId}, not ${other.operationId}`,
        );
      }
      differences.push(...compareAnswer(
        answerSchema(our, operation.responses["200"]),
        answerSchema(their, other.responses["200"]),
        `${name} 200`,
      ));
      for (const status of Object.keys(other.responses)) {
        if (operation.responses[status] === undefined) {
          differences.push(`${name}: the vendor answers ${status}, we do not describe it`);
        }
      }
      const request = operation.requestBody?.content["application/json"]?.schema;
      const otherRequest = other.requestBody?.content["application/json"]?.schema;
      if ((request === undefined) !== (otherRequest === undefined)) {
        differences.push(`${name}: only one of us has a request body`);
      } else if (request !== undefined) {
        differences.push(...compareRequest(
          { document: our, schema: resolve(our, request) },
          { document: their, schema: resolve(their, otherRequest) },
          `${name} request`,
        ));
      }
    }
  }
  return differences.filter((difference) => !meant.has(difference));
}
