import assert from "node:assert/strict";
import fc from "fast-check";
import { createPaperspaceBench, type PaperspaceBench } from "../../../support/paperspace_bench.ts";

interface Walk {
  readonly ids: readonly string[];
  readonly pages: number;
}

/** Follows cursors to the end, or for ten pages. */
async function walk(ask: PaperspaceBench["ask"], query: string): Promise<Walk> {
  const ids: string[] = [];
  let after = "";
  for (let pages = 1; pages <= 10; pages++) {
    const { status, body } = await ask("GET", `/machines?${query}${after}`);
    assert.equal(status, 200, JSON.stringify(body));
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    if (!body.hasMore || !body.nextPage) return { ids, pages };
    after = `&after=${encodeURIComponent(body.nextPage)}`;
  }
  return { ids, pages: 11 };
}

Deno.test("pages together hold every item once, in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 2, max: 6 }),
      fc.constantFrom("item", "offset"),
      fc.constantFrom("dtCreated", "name", "state"),
      fc.constantFrom("asc", "desc"),
      async (count, limit, cursor, orderBy, order) => {
        const { cloud, ask } = createPaperspaceBench({ behaviour: { cursor } });
        if (count > 0) cloud.addForeignMachines(count);
        const query = `limit=${limit}&orderBy=${orderBy}&order=${order}`;
        const { ids, pages } = await walk(ask, query);
        assert.equal(pages, Math.max(1, Math.ceil(count / limit)));
        assert.deepEqual(ids.toSorted(), cloud.machines().map(({ id }) => id).toSorted());
        const whole = await walk(ask, `limit=120&orderBy=${orderBy}&order=${order}`);
        assert.deepEqual(ids, whole.ids);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("newest first, twenty at a time, unless asked otherwise; limits are 1 to 120", async () => {
  const { clock, cloud, ask } = createPaperspaceBench();
  for (let number = 0; number < 21; number++) {
    cloud.addForeignMachines(1);
    await clock.advance(1);
  }
  const { items, hasMore } = (await ask("GET", "/machines")).body;
  assert.deepEqual([items.length, hasMore], [20, true]);
  assert.ok(items[0].dtCreated > items[19].dtCreated);
  for (const query of ["limit=0", "limit=121", "limit=x", "limit=1.5", "after=x", "order=up"]) {
    const { status, body } = await ask("GET", `/machines?${query}`);
    assert.deepEqual([status, body.code], [400, "BAD_REQUEST"], query);
  }
  assert.equal((await ask("GET", "/os-templates?orderBy=dtCreated")).status, 400);
});

Deno.test("the last page has no cursor, or null", async () => {
  const { cloud, ask } = createPaperspaceBench();
  assert.deepEqual((await ask("GET", "/machines")).body, { hasMore: false, items: [] });
  cloud.setBehaviour({ lastPage: "null" });
  const request = new Request("http://127.0.0.1/v1/machines", {
    headers: { authorization: "Bearer simulated-paperspace-key" },
  });
  const response = await cloud.handler(request, { peer: {} });
  assert.ok(response instanceof Response);
  assert.deepEqual(await response.json(), { hasMore: false, nextPage: null, items: [] });
});

Deno.test("pages may repeat an item, and shift when items go", async () => {
  const { clock, cloud, ask } = createPaperspaceBench({ behaviour: { duplicateItems: true } });
  cloud.addForeignMachines(6);
  const { ids } = await walk(ask, "limit=2");
  assert.deepEqual([ids.length, new Set(ids).size], [8, 6]);

  const second = async (cursor: "item" | "offset") => {
    cloud.setBehaviour({ duplicateItems: false, cursor });
    const first = (await ask("GET", "/machines?limit=2")).body;
    cloud.vanish(first.items[0].id);
    const next = (await ask("GET", `/machines?limit=120&after=${first.nextPage}`)).body;
    await clock.advance(1);
    const whole = (await ask("GET", "/machines")).body.items.length;
    // Of those still there, the first page showed one.
    return whole - 1 - next.items.length;
  };
  assert.equal(await second("item"), 0);
  assert.equal(await second("offset"), 1);
});

Deno.test("later pages may fail, lose their cursor, or never end", async () => {
  const { cloud, ask } = createPaperspaceBench();
  cloud.addForeignMachines(5);
  cloud.setBehaviour({ laterPages: "fail" });
  const { nextPage } = (await ask("GET", "/machines?limit=2")).body;
  const failed = await ask("GET", `/machines?limit=2&after=${nextPage}`);
  assert.deepEqual([failed.status, failed.body.code], [500, "INTERNAL_SERVER_ERROR"]);
  cloud.setBehaviour({ laterPages: "cursorLost" });
  const lost = (await ask("GET", "/machines?limit=2")).body;
  assert.deepEqual([lost.hasMore, "nextPage" in lost], [true, false]);
  cloud.setBehaviour({ laterPages: "endless" });
  assert.equal((await walk(ask, "limit=2")).pages, 11);
  assert.equal((await walk(ask, "limit=120")).pages, 11);
});
