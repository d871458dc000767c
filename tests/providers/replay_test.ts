/**
 * Every recorded answer of every cloud, through its adapter. Needs no network: it runs without permission
 * for one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readRecordedDocuments } from "../support/recorded_documents.ts";
import { readRecordedClouds, type RecordedCloud, type Recording } from "../support/recordings.ts";
import { replay } from "../support/replay.ts";

const clouds = await readRecordedClouds();

Deno.test("there are recordings", () => {
  assert.ok(clouds.length > 0);
});

for (const cloud of clouds) {
  for (const recording of cloud.recordings) {
    Deno.test(`${cloud.name}: ${recording.file}`, () => replay(cloud, recording));
  }
  await testDocuments(cloud);
  testErrorTables(cloud);
}

/** Answers are as documented, and every operation has one that succeeded. */
async function testDocuments(cloud: RecordedCloud): Promise<void> {
  const documents = await readRecordedDocuments(cloud);

  Deno.test(`${cloud.name}: every recorded answer is as the documents have it`, () => {
    const problems = cloud.recordings.flatMap((recording) => {
      const found = recording.exchanges.flatMap((exchange) => {
        const known = documents.some((document) => document.findOperation(exchange) !== undefined);
        if (!known) return [`no document has ${exchange.request.method} ${exchange.request.path}`];
        return documents.flatMap((document) => document.findProblems(exchange));
      });
      if (recording.undocumented === undefined) {
        return found.map((problem) => `${recording.file}: ${problem}`);
      }
      const surely = found.length === 0 && documents.some(({ hasVendors }) => hasVendors);
      return surely ? [`${recording.file}: is documented after all`] : [];
    });
    assert.deepEqual(problems, []);
  });

  Deno.test(`${cloud.name}: every operation of the documents has a recorded success`, () => {
    const uncalled = Object.keys(cloud.uncalled);
    const all = documents.flatMap(({ operations }) => operations);
    const called = new Set<string>();
    const succeeded = new Set<string>();
    for (const exchange of cloud.recordings.flatMap(({ exchanges }) => exchanges)) {
      for (const document of documents) {
        const operation = document.findOperation(exchange);
        if (operation === undefined) continue;
        called.add(operation);
        if (isSuccess(exchange.response)) succeeded.add(operation);
      }
    }
    assert.deepEqual(uncalled.filter((operation) => !all.includes(operation)), [], "unknown");
    assert.deepEqual(uncalled.filter((operation) => called.has(operation)), [], "called after all");
    const missing = all.filter((operation) => !succeeded.has(operation));
    assert.deepEqual(missing.sort(), uncalled.sort());
  });
}

/** Errors may come in HTTP 200, too. */
function isSuccess({ status, body }: Recording["exchanges"][number]["response"]): boolean {
  const isObject = typeof body === "object" && body !== null;
  return status < 300 && (!isObject || !("errors" in body));
}

/** Every code that the adapter's tables know was recorded in a refusal. */
function testErrorTables(cloud: RecordedCloud): void {
  Deno.test(`${cloud.name}: every code of its error tables has a recording`, async () => {
    const path = new URL(`../../providers/${cloud.name}/errors.ts`, import.meta.url);
    const exports: Readonly<Record<string, unknown>> = await import(path.href);
    const codes = cloud.errorTables.flatMap((table) => {
      const rows = exports[table];
      assert.ok(typeof rows === "object" && rows !== null, `errors.ts has no table ${table}`);
      return rows instanceof Map ? [...rows.keys()] : Object.keys(rows);
    });
    assert.ok(codes.length > 0, "no table");
    const refusals = cloud.recordings.flatMap(({ exchanges }) => exchanges)
      .filter(({ response }) => !isSuccess(response))
      .map(({ response }) => JSON.stringify(response.body));
    const missing = codes.filter((code) =>
      !refusals.some((refusal) => refusal.includes(JSON.stringify(code)))
    );
    assert.deepEqual(missing, []);
  });
}
