import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parseRecording, type RecordedCloud, type Recording } from "./recordings.ts";
import { assertHolds, replay } from "./replay.ts";

const cloud: RecordedCloud = {
  name: "lambda",
  recordings: [],
  entry: { lambda: { sshKeyName: "tgp" } },
  order: { instanceType: "gpu_1x_a10", region: "us-east-1" },
  documents: [],
  uncalled: {},
  errorTables: [],
};

const list = { method: "GET", path: "/api/v1/instances" };
const empty = { status: 200, body: { data: [] } };

/** A recording of an empty list, with one thing changed. */
function record(change: Readonly<Record<string, unknown>> = {}): Recording {
  const { operation = "listInstances" } = change;
  return parseRecording(
    `${operation}.json`,
    JSON.stringify({
      source: "made up for this test",
      date: "2026-11-24",
      operation,
      request: list,
      response: empty,
      expect: { ok: [] },
      ...change,
    }),
  );
}

Deno.test("replay() passes when everything is as recorded", () => replay(cloud, record()));

const wrong: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "another path": { request: { ...list, path: "/api/v1/machines" } },
  "another method": { request: { ...list, method: "DELETE" } },
  "a query": { request: { ...list, query: { page: "1" } } },
  "a body": { request: { ...list, body: {} } },
  "a request that nobody makes": {
    request: undefined,
    response: undefined,
    exchanges: [
      { request: list, response: empty },
      { request: { ...list, path: "/api/v1/ssh-keys" }, response: empty },
    ],
  },
  "another result": { expect: { ok: [{ id: "a" }] } },
  "an error that does not come": { expect: { error: "transient" } },
  "another kind of error": {
    response: { status: 401, body: "" },
    expect: { error: "transient" },
  },
  "another outcome": {
    operation: "launch",
    request: { method: "POST", path: "/api/v1/instance-operations/launch", body: {} },
    response: { status: 400, body: "" },
    expect: { outcome: "launched" },
  },
};
for (const [what, change] of Object.entries(wrong)) {
  Deno.test(`replay() fails for ${what}`, () => assert.rejects(replay(cloud, record(change))));
}

Deno.test("replay() gives a read that is repeated the same answer again", () =>
  replay(
    cloud,
    record({ response: { status: 502, body: "" }, expect: { error: "transient", status: 502 } }),
  ));

Deno.test("parseRecording() refuses what the README does not allow", () => {
  const body = (text: string) => ({ response: { status: 200, body: { text } } });
  const cases: [Readonly<Record<string, unknown>>, RegExp][] = [
    [{ request: { ...list, headers: {} } }, /headers/],
    [{ request: { ...list, path: "/a?b=c" } }, /put the query apart/],
    [{ exchanges: [{ request: list, response: empty }] }, /either request and response/],
    [{ response: undefined }, /either request and response/],
    [{ source: "?" }, /source/],
    [{ date: "yesterday" }, /date/],
    [{ operation: "stop" }, /operation/],
    [{ expect: {} }, /expect/],
    [body("rpa_" + "0A1B2C3D4E5F6A7B8C9D0E1F"), /looks like a RunPod key/],
    [body("Bearer " + "abcdefgh12345678"), /looks like a bearer token/],
  ];
  for (const [change, expected] of cases) assert.throws(() => record(change), expected);
  const text = JSON.stringify({});
  assert.throws(() => parseRecording("launch.json", text), TypeError);
});

Deno.test("assertHolds() compares what is named, and nothing else", () => {
  const actual = { id: "a", tags: [{ key: "k", value: "v" }, { key: "l" }], ip: undefined };
  for (
    const expected of [
      {},
      { id: "a", ip: null },
      { tags: [{ key: "k" }, {}] },
      { tags: { length: 2, 1: { key: "l" } } },
    ]
  ) assertHolds(actual, expected, "it");
  for (const expected of [{ id: "b" }, { id: null }, { tags: [{}] }, { name: "x" }, { ip: "x" }]) {
    assert.throws(() => assertHolds(actual, expected, "it"), assert.AssertionError);
  }
});

Deno.test("every recording plays without permission for a network", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // graphql asks for NODE_ENV when it is loaded.
    args: [
      ...["test", "--no-check", "--no-prompt", "--allow-read", "--allow-env=NODE_ENV"],
      "tests/providers/replay_test.ts",
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  assert.match(text, /ok \| [1-9]\d{2,} passed \| 0 failed/);
});
