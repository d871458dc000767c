/**
 * Recorded answers against API documents: ours, and the vendor's own where it is at hand.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import { fromOpenApi30 } from "./from_openapi_30.ts";
import type { Exchange, GraphqlReference, OpenApiReference, RecordedCloud } from "./recordings.ts";
import { type ApiDocument, createAnswerChecker } from "./vendor_documents.ts";
import { readOurDocument, readVendorDocument } from "./vendor_documents.ts";

/** One document that answers can be held against. */
export interface RecordedDocument {
  /** Whether the vendor's own document takes part. */
  readonly hasVendors: boolean;
  /** Every operation that it describes. */
  readonly operations: readonly string[];
  /** The operation that a request is for; `undefined` if the document does not have it. */
  findOperation(exchange: Exchange): string | undefined;
  /** What is wrong with an answer to a request that the document has. */
  findProblems(exchange: Exchange): readonly string[];
}

/** The documents of a cloud. */
export function readRecordedDocuments(cloud: RecordedCloud): Promise<readonly RecordedDocument[]> {
  return Promise.all(
    cloud.documents.map((reference) =>
      "graphql" in reference ? readGraphql(reference) : readOpenApi(reference)
    ),
  );
}

async function readOpenApi(reference: OpenApiReference): Promise<RecordedDocument> {
  const { ours, theirs, prefix, theirPrefix = prefix } = reference;
  const document = await readOurDocument(ours);
  const vendors = theirs === undefined ? undefined : await readVendorDocument(theirs);
  const check = createAnswerChecker(document, "");
  const checkTheirs = vendors && createAnswerChecker(fromOpenApi30(vendors), theirPrefix);
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
  }));
  const findTemplate = ({ request }: Exchange) => {
    if (!request.path.startsWith(`${prefix}/`)) return undefined;
    const path = request.path.slice(prefix.length);
    return templates.find(({ template, pattern }) =>
      pattern.test(path) && operationAt(document, template, request.method) !== undefined
    )?.template;
  };
  return {
    hasVendors: vendors !== undefined,
    operations: Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId }) => operationId ?? [])
    ),
    findOperation: (exchange) => {
      const template = findTemplate(exchange);
      return template && operationAt(document, template, exchange.request.method)?.operationId;
    },
    findProblems(exchange) {
      const { request: { method }, response: { status, body } } = exchange;
      const template = findTemplate(exchange);
      // Web pages and empty bodies come from the network in front of the API.
      if (template === undefined || typeof body === "string") return [];
      const ourProblem = check.check(method, template, status, body);
      // An operation that the vendor does not document at all is named where the documents are compared.
      const isTheirs = vendors && operationAt(vendors, theirPrefix + template, method);
      const theirProblem = isTheirs && checkTheirs?.check(method, template, status, body);
      return [
        ...(ourProblem === undefined ? [] : [`${ours}: ${method} ${template}: ${ourProblem}`]),
        // The vendor's documents do not describe every failure.
        ...(theirProblem === undefined || (theirProblem === "undocumented" && status >= 400)
          ? []
          : [`the vendor's document: ${method} ${template}: ${theirProblem}`]),
      ];
    },
  };
}

function operationAt(document: ApiDocument, template: string, method: string) {
  return document.paths[template]?.[method.toLowerCase()];
}

async function readGraphql(reference: GraphqlReference): Promise<RecordedDocument> {
  const read = (file: string) =>
    Deno.readTextFile(new URL(`../../schemas/vendors/${file}`, import.meta.url));
  const schema = buildSchema(await read(reference.graphql));
  const sources = await Promise.all(reference.operations.map(read));
  const documents = sources.map((source) => parse(source));
  const named = new Map(
    documents.flatMap((document) => namesIn(document).map((name) => [name, document] as const)),
  );
  const findOperation = ({ request }: Exchange) => {
    if (request.method !== "POST" || request.path !== reference.path) return undefined;
    return nameOf(request.body);
  };
  return {
    hasVendors: false,
    operations: [...named.keys()],
    findOperation,
    findProblems(exchange) {
      const name = findOperation(exchange);
      const document = name === undefined ? undefined : named.get(name);
      if (name === undefined) return [];
      if (document === undefined) return [`${reference.graphql}: no operation "${name}"`];
      return findGraphqlProblems(schema, document, name, exchange);
    },
  };
}

function namesIn(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === "OperationDefinition" && definition.name ? [definition.name.value] : []
  );
}

/** The operation that a body names, or that its document begins with. */
function nameOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("operationName" in body) return String(body.operationName);
  return "query" in body ? namesIn(parse(String(body.query)))[0] : undefined;
}

/**
 * Runs the query over the answer's data, as if it were the server's: what is missing, of another type or
 * not among an enum's values shows as an error, what was not asked for as a difference.
 */
function findGraphqlProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string,
  { request, response }: Exchange,
): readonly string[] {
  const problems = validate(schema, document).map(({ message }) => message);
  const { body } = response;
  if (problems.length > 0 || typeof body !== "object" || body === null) return problems;
  if (!("data" in body) || body.data === null || body.data === undefined) return problems;
  const variables = (request.body as { variables?: Record<string, unknown> }).variables ?? {};
  const result = execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    rootValue: body.data,
    // Answers use aliases where the query does.
    fieldResolver: (source, _args, _context, info) => source[info.path.key],
  });
  if (result instanceof Promise) return ["the answer resolves later"];
  // Where the vendor says that something failed, its field may be missing.
  const mayMiss = "errors" in body;
  const errors = (result.errors ?? []).map(({ message }) => message);
  if (errors.length > 0) return mayMiss ? [] : errors;
  const plain: unknown = JSON.parse(JSON.stringify(result.data));
  return isDeepStrictEqual(plain, body.data) ? [] : ["the answer has fields nobody asked for"];
}
