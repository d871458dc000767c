import assert from "node:assert/strict";
import fc from "fast-check";
import { buildSchema, execute, parse } from "graphql";
import { arbitraryData } from "./graphql_arbitrary.ts";

const schema = buildSchema(`
  type Query { me: User  ids: [String]  late: Int }
  type User { id: String  kind: Kind!  friends: [User] }
  enum Kind { GOOD BAD }
`);
const document = parse(`
  query Q($more: Boolean!) {
    me { ...Core friends { id } }
    all: ids @include(if: $more)
    late @skip(if: $more)
  }
  fragment Core on User { id kind }
`);

Deno.test("arbitraryData() gives answers that the schema allows to what was asked", () => {
  for (const more of [true, false]) {
    const data = arbitraryData({ schema, document, variables: { more } });
    fc.assert(fc.property(data, (data) => {
      const result = execute({
        schema,
        document,
        variableValues: { more },
        rootValue: data,
        fieldResolver: (source, _args, _context, info) => source[info.path.key],
      });
      assert.deepEqual(JSON.parse(JSON.stringify(result)), { data });
    }));
  }
});

Deno.test("arbitraryData() leaves no null where there must be none", () => {
  const present = new Set(["Query.me", "User.friends", "User.id"]);
  const data = arbitraryData({ schema, document, variables: { more: false }, present });
  fc.assert(fc.property(data, (data) => {
    const { me } = data as { me: { id: string | null; friends: ({ id: string } | null)[] } };
    assert.notEqual(me.id, null);
    for (const friend of me.friends) assert.notEqual(friend?.id ?? null, null);
  }));
});
