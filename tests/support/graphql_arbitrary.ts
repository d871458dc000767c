/**
 * Random answers to GraphQL operations that fit a schema.
 *
 * @module
 */

import fc from "fast-check";
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";

/** What is asked, and what of the answer. */
export interface GraphqlArbitraryOptions {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** Decide about `@include` and `@skip`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Fields (`User.id`) that are never null, though the schema would allow it, nor are their items. */
  readonly present?: ReadonlySet<string> | undefined;
}

interface Context extends GraphqlArbitraryOptions {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Values of `data` for the only operation of a document. */
export function arbitraryData(options: GraphqlArbitraryOptions): fc.Arbitrary<unknown> {
  const { schema, document } = options;
  const [operation] = document.definitions.flatMap((definition) =>
    definition.kind === "OperationDefinition" ? [definition] : []
  );
  if (operation === undefined) throw new TypeError("The document has no operation");
  const root = operation.operation === "mutation"
    ? schema.getMutationType()
    : schema.getQueryType();
  if (!root) throw new TypeError(`The schema has no ${operation.operation}`);
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === "FragmentDefinition" ? [[definition.name.value, definition] as const] : []
    ),
  );
  return ofObject({ ...options, fragments }, root, operation.selectionSet);
}

function ofObject(
  context: Context,
  type: GraphQLObjectType,
  selection: SelectionSetNode,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(collect(context, type, selection));
  return fc.record(fields, { noNullPrototype: true });
}

/** The fields of a selection, fragments included, by the names that the answer has them under. */
function collect(
  context: Context,
  type: GraphQLObjectType,
  selection: SelectionSetNode,
): readonly (readonly [string, fc.Arbitrary<unknown>])[] {
  return selection.selections.flatMap((node) => {
    if (node.kind === "FragmentSpread") {
      const fragment = context.fragments.get(node.name.value);
      return fragment ? collect(context, type, fragment.selectionSet) : [];
    }
    if (node.kind === "InlineFragment") return collect(context, type, node.selectionSet);
    const isLeftOut = (node.directives ?? []).some((directive) => {
      const [argument] = directive.arguments ?? [];
      const value = argument?.value.kind === "Variable"
        ? context.variables?.[argument.value.name.value]
        : true;
      return directive.name.value === "skip" ? value === true : value === false;
    });
    if (isLeftOut) return [];
    const name = node.name.value;
    const field = type.getFields()[name];
    if (field === undefined) throw new TypeError(`${type.name} has no field "${name}"`);
    const present = context.present?.has(`${type.name}.${name}`) ?? false;
    const value = ofType(context, field.type, node.selectionSet, present);
    return [[node.alias?.value ?? name, value] as const];
  });
}

function ofType(
  context: Context,
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
  present: boolean,
): fc.Arbitrary<unknown> {
  const inner = getNullableType(type);
  const value = isListType(inner)
    ? fc.array(ofType(context, inner.ofType, selection, present), { maxLength: 4 })
    : isObjectType(inner) && selection !== undefined
    ? ofObject(context, inner, selection)
    : ofLeaf(inner);
  return isNonNullType(type) || present ? value : fc.option(value);
}

function ofLeaf(type: GraphQLOutputType): fc.Arbitrary<unknown> {
  const named = getNamedType(type);
  if (isEnumType(named)) return fc.constantFrom(...named.getValues().map(({ name }) => name));
  switch (named.name) {
    case "Int":
      return fc.nat(1_000);
    case "Float":
      return fc.double({ min: 0, max: 10_000, noNaN: true });
    case "Boolean":
      return fc.boolean();
    case "Void":
      return fc.constant(null);
    case "DateTime":
      return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    default:
      return fc.string({ minLength: 1, maxLength: 40 });
  }
}
