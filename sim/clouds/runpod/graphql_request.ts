/**
 * Reads GraphQL requests: what they say and what they are about.
 *
 * @module
 */

import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from "graphql";
import { z } from "zod";
import type { TrueAnswer } from "../faults.ts";
import { type GraphqlOperation, graphqlOperations } from "./faults.ts";
import { toInvalid } from "./graphql_envelope.ts";

/** A request that fits the schema. */
export interface GraphqlRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Root fields by name. */
  readonly fields: readonly string[];
  /** Keys of the answer's data, the one that the request is about last. */
  readonly keys: readonly string[];
  /** What it is about. */
  readonly operation: GraphqlOperation;
}

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Operations that need no key. */
const anonymous: ReadonlySet<string> = new Set(["gpuTypes", "dataCenters", "countryCodes"]);

/** Whether a request asks for nothing but the catalogue. */
export function isAnonymous({ fields }: GraphqlRequest): boolean {
  return fields.every((field) => anonymous.has(field));
}

/** Reads a body, or says what the vendor answers instead. */
export function readGraphql(body: unknown, schema: GraphQLSchema): GraphqlRequest | TrueAnswer {
  const read = bodySchema.safeParse(body);
  if (!read.success) {
    return toInvalid(
      [new GraphQLError("GraphQL operations must contain a `query`.")],
      "BAD_REQUEST",
    );
  }
  const { query } = read.data;
  const operationName = read.data.operationName ?? undefined;
  const variables = read.data.variables ?? {};
  const document = tryParse(query);
  if (document instanceof GraphQLError) return toInvalid([document], "GRAPHQL_PARSE_FAILED");
  const rules = [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const problems = validate(schema, document, rules);
  if (problems.length > 0) return toInvalid(problems, "GRAPHQL_VALIDATION_FAILED");
  const definition = getOperationAST(document, operationName);
  if (!definition) {
    return toInvalid([new GraphQLError("Unknown operation.")], "OPERATION_RESOLUTION_FAILURE");
  }
  const coerced = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  if (coerced.errors !== undefined) return toInvalid(coerced.errors, "BAD_USER_INPUT");
  return { document, operationName, variables, ...describe(definition, document) };
}

function tryParse(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function describe(
  definition: OperationDefinitionNode,
  document: DocumentNode,
): Pick<GraphqlRequest, "fields" | "keys" | "operation"> {
  const roots = fieldsOf(definition.selectionSet, document);
  const main = roots.find(({ name }) => name.value === "pod") ?? roots[0];
  const lists = main?.name.value === "myself" && main.selectionSet !== undefined &&
    fieldsOf(main.selectionSet, document).some(({ name }) => name.value === "pods");
  const name = lists ? "myself.pods" : main?.name.value;
  return {
    fields: roots.map((field) => field.name.value),
    keys: [...roots.filter((field) => field !== main), ...(main ? [main] : [])]
      .map(({ alias, name: { value } }) => alias?.value ?? value),
    // Whatever else can be asked for is not a thing that faults are wanted for.
    operation: graphqlOperations.find((operation) => operation === name) ?? "gpuTypes",
  };
}

/** The fields of a selection, those of fragments included. */
function fieldsOf({ selections }: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selections.flatMap((selection): FieldNode[] => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection];
      case Kind.INLINE_FRAGMENT:
        return fieldsOf(selection.selectionSet, document);
      case Kind.FRAGMENT_SPREAD:
        return document.definitions.flatMap((definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION &&
            definition.name.value === selection.name.value
            ? fieldsOf(definition.selectionSet, document)
            : []
        );
    }
  });
}
