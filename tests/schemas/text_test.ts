import assert from "node:assert/strict";
import { text } from "../../schemas/text.ts";

Deno.test("text() counts characters, not UTF-16 units", () => {
  const schema = text({ min: 1, max: 3 });
  const accepts = (value: string) => schema.safeParse(value).success;
  const grin = "\u{1F600}";
  assert.ok(accepts("abc"));
  assert.ok(accepts(grin.repeat(3)));
  assert.ok(accepts(`${grin}é${grin}`));
  for (const wrong of ["", "abcd", grin.repeat(4), `abc${grin}`]) assert.ok(!accepts(wrong), wrong);
  assert.match(
    schema.safeParse("abcd").error?.issues[0]?.message ?? "",
    /^must have at most 3 characters$/,
  );
});
