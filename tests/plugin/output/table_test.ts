import assert from "node:assert/strict";
import fc from "fast-check";
import { type Column, explainDropped, layOutTable } from "../../../plugin/output/table.ts";

type Row = readonly string[];

const columns: readonly Column<Row>[] = [
  { header: "NAME", cell: ([name = ""]) => name },
  { header: "GPU", cell: ([, gpu = ""]) => gpu },
  { header: "AGE", cell: ([, , age = ""]) => age },
  { header: "NOTE", wide: true, cell: ([, , , note = ""]) => note },
];

const rows: readonly Row[] = [["train-1", "H100", "4h", "a note"], ["x", "<none>", "65s", ""]];

Deno.test("layOutTable() lays out as kubectl does: upper case, three spaces, nothing at line ends", () => {
  const { text, dropped } = layOutTable(columns, rows, { width: undefined, wide: false });
  assert.equal(
    text,
    "NAME      GPU      AGE\n" +
      "train-1   H100     4h\n" +
      "x         <none>   65s\n",
  );
  assert.deepEqual(dropped, []);
});

Deno.test("layOutTable() adds columns when wide, leaves headers out when told, and is empty without rows", () => {
  const wide = layOutTable(columns, rows, { width: undefined, wide: true, headers: false });
  assert.equal(wide.text, "train-1   H100     4h    a note\nx         <none>   65s\n");
  assert.equal(layOutTable(columns, [], { width: undefined, wide: false }).text, "");
});

Deno.test("layOutTable() drops columns from the right below the width, never the first", () => {
  const { text, dropped } = layOutTable(columns, rows, { width: 20, wide: true });
  assert.equal(text, "NAME      GPU\ntrain-1   H100\nx         <none>\n");
  assert.deepEqual(dropped, ["AGE", "NOTE"]);
  assert.equal(
    explainDropped(dropped),
    "+2 columns (AGE, NOTE): widen the terminal, or use -o wide",
  );
  assert.deepEqual(layOutTable(columns, rows, { width: 3, wide: true }).dropped, [
    ...["GPU", "AGE", "NOTE"],
  ]);
});

Deno.test("layOutTable() drops essential columns after all others", () => {
  const marked = columns.map((column) =>
    column.header === "AGE" ? { ...column, essential: true } : column
  );
  const { text, dropped } = layOutTable(marked, rows, { width: 20, wide: true });
  assert.equal(text, "NAME      AGE\ntrain-1   4h\nx         65s\n");
  assert.deepEqual(dropped, ["GPU", "NOTE"]);
  assert.deepEqual(layOutTable(marked, rows, { width: 10, wide: true }).dropped, [
    ...["GPU", "AGE", "NOTE"],
  ]);
});

Deno.test("layOutTable() gives up first what says so, the first column too", () => {
  const marked = columns.map((column) =>
    column.header === "NAME" ? { ...column, dropFirst: true } : column
  );
  const fits = (width: number) => layOutTable(marked, rows, { width, wide: false }).dropped;
  assert.deepEqual(fits(22), []);
  assert.deepEqual(fits(20), ["NAME"]);
  // Then the next one is the first.
  assert.deepEqual(fits(10), ["NAME", "AGE"]);
  assert.deepEqual(fits(1), ["NAME", "AGE"]);
});

Deno.test("layOutTable() lets a sentence go on below itself instead of dropping it", () => {
  const said: readonly Column<Row>[] = [
    ...columns.slice(0, 2),
    { header: "WHY", wraps: true, cell: ([, , why = ""]) => why },
  ];
  const row = ["train-1", "H100", "the key is accepted, and so is the name"];
  const lines = (width: number | undefined) =>
    layOutTable(said, [row], { width, wide: false }).text.trimEnd().split("\n");
  assert.deepEqual(lines(undefined), [
    "NAME      GPU    WHY",
    "train-1   H100   the key is accepted, and so is the name",
  ]);
  assert.deepEqual(lines(44), [
    "NAME      GPU    WHY",
    "train-1   H100   the key is accepted, and so",
    "                 is the name",
  ]);
  // Others make room for it.
  assert.deepEqual(lines(36), [
    "NAME      WHY",
    "train-1   the key is accepted, and",
    "          so is the name",
  ]);
  const long = [["x", "", "a".repeat(60)]];
  assert.match(layOutTable(said, long, { width: 30, wide: false }).text, /a{60}/);
});

Deno.test("layOutTable() is never wider than the terminal that its first column fits into", () => {
  const cell = fc.string({ maxLength: 12 });
  fc.assert(fc.property(
    fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 12, max: 60 }),
    (table, width) => {
      const { text } = layOutTable(columns, table, { width, wide: true });
      for (const line of text.split("\n")) assert.ok(line.length <= width, line);
      assert.equal(text.trimEnd() === "" ? 0 : text.split("\n").length, table.length + 2);
    },
  ));
});

Deno.test("layOutTable() lets no vendor's words break the table or drive the terminal", () => {
  const { text } = layOutTable(columns, [["a\nb", "\u001b[31mred", "1s", ""]], {
    width: undefined,
    wide: false,
  });
  assert.equal(text.split("\n").length, 3);
  assert.ok(!text.includes("\u001b"));
});
