/**
 * Compares our document of a vendor's API with the vendor's own.
 *
 * @module
 */

import { type ApiDocument, type ApiOperation, resolve } from "./vendor_documents.ts";

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

/**
 * A schema without the alternative of null, so that documents may differ in how they write it; itself where
 * there are other alternatives.
 */
function withoutNull(place: Place): Place {
  const branches = [place.schema["anyOf"], place.schema["oneOf"]].flat()
    .filter((branch) => branch)
    .map((branch) => enter(place, branch))
    .filter(({ schema }) => schema["type"] !== "null");
  const [only] = branches;
  return only !== undefined && branches.length === 1 ? withoutNull(only) : place;
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
  if (schema["type"] === "null") return { named: new Set(), open: false };
  const named = schema["enum"] ?? (schema["const"] === undefined ? undefined : [schema["const"]]);
  return named === undefined
    ? { named: new Set(), open: true }
    : { named: new Set(named as unknown[]), open: false };
}

/** Whether values of a type fit one of others: every integer is a number. */
function fits(type: string, others: ReadonlySet<string>): boolean {
  return others.has(type) || (type === "integer" && others.has("number"));
}

/** Why an answer that fits the vendor's schema may not fit ours. */
function* compareAnswer(our: Place, their: Place, path: string): Generator<string> {
  const ourTypes = typesOf(our);
  for (const type of typesOf(their)) {
    if (!fits(type, ourTypes)) {
      yield `${path}: the vendor sends ${type}, we expect ${[...ourTypes]}`;
    }
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
  yield* compareParts(withoutNull(our), withoutNull(their), path);
}

/** The same for the fields and items of an answer. */
function* compareParts(our: Place, their: Place, path: string): Generator<string> {
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
    if (!fits(type, theirTypes)) {
      yield `${path}: we send ${type}, the vendor takes ${[...theirTypes]}`;
    }
  }
  const [ourValues, theirValues] = [valuesOf(our), valuesOf(their)];
  for (const value of ourValues.named) {
    if (!theirValues.open && !theirValues.named.has(value)) {
      yield `${path}: we send ${JSON.stringify(value)}, the vendor does not take it`;
    }
  }
  if (ourValues.open && !theirValues.open) {
    yield `${path}: we send anything, the vendor's set is closed`;
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

/** Why a query or path that fits our document may not fit the vendor's. */
function* compareParameters(
  [our, ours]: readonly [ApiDocument, ApiOperation],
  [their, theirs]: readonly [ApiDocument, ApiOperation],
  path: string,
): Generator<string> {
  const read = (document: ApiDocument, { parameters = [] }: ApiOperation) =>
    parameters.map((parameter) => resolve(document, parameter));
  const keyOf = (parameter: Schema) => `${parameter["in"]} ${parameter["name"]}`;
  const known = new Map(read(their, theirs).map((parameter) => [keyOf(parameter), parameter]));
  const sent = new Set<string>();
  for (const parameter of read(our, ours)) {
    const key = keyOf(parameter);
    sent.add(key);
    const other = known.get(key);
    if (other === undefined) yield `${path}: the vendor has no ${key}`;
    else {
      const [place, otherPlace] = [
        { document: our, schema: resolve(our, parameter["schema"]) },
        { document: their, schema: resolve(their, other["schema"]) },
      ];
      yield* compareRequest(place, otherPlace, `${path} ${key}`);
      const [most, theirMost] = [place.schema["maximum"], otherPlace.schema["maximum"]];
      if (most !== theirMost) yield `${path} ${key}: maximum is ${most} here, ${theirMost} there`;
    }
  }
  for (const [key, parameter] of known) {
    if (parameter["required"] === true && !sent.has(key)) {
      yield `${path}: the vendor requires ${key}`;
    }
  }
}

/** An operation's parameters, and those that all operations of its path share. */
function parametersAt(
  { paths }: ApiDocument,
  path: string,
  { parameters = [] }: ApiOperation,
): readonly unknown[] {
  const shared: unknown = paths[path]?.["parameters"];
  return Array.isArray(shared) ? [...shared, ...parameters] : parameters;
}

function isSuccess(status: string): boolean {
  return status.startsWith("2");
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
      const others = { ...other, parameters: parametersAt(their, prefix + path, other) };
      differences.push(...compareParameters([our, operation], [their, others], name));
      for (const status of Object.keys(operation.responses).filter(isSuccess)) {
        differences.push(...compareAnswer(
          answerSchema(our, operation.responses[status]),
          answerSchema(their, other.responses[status]),
          `${name} ${status}`,
        ));
      }
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
