/**
 * The schema that the simulated RunPod's GraphQL runs on: our document of it, less what is removed.
 *
 * @module
 */

import { buildASTSchema, type GraphQLSchema, isEnumType, Kind, parse, visit } from "graphql";
import sdl from "../../../schemas/vendors/runpod.graphql" with { type: "text" };

/**
 * Makes schemas, each once.
 *
 * @returns A function of fields that the vendor has removed: `Mutation.podRentInterruptable`.
 */
export function createSchemas(): (removed: readonly string[]) => GraphQLSchema {
  const schemas = new Map<string, GraphQLSchema>();
  return (removed) => {
    const key = [...removed].sort().join();
    const schema = schemas.get(key) ?? buildSchema(new Set(removed));
    schemas.set(key, schema);
    return schema;
  };
}

function buildSchema(removed: ReadonlySet<string>): GraphQLSchema {
  const document = visit(parse(sdl), {
    [Kind.OBJECT_TYPE_DEFINITION]: (type) => ({
      ...type,
      fields: type.fields?.filter((field) =>
        !removed.has(`${type.name.value}.${field.name.value}`)
      ) ??
        [],
    }),
  });
  const schema = buildASTSchema(document);
  const status = schema.getType("PodStatus");
  // The vendor may send words that its document does not have yet.
  if (isEnumType(status)) status.serialize = String;
  return schema;
}
