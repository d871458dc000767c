import assert from "node:assert/strict";
import type { Connection } from "../../kube/connection.ts";
import { createCredentialSource } from "../../kube/credentials.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { buildConnection, buildExecConfig } from "../support/kube_connection.ts";
import { FakeSystem } from "../support/kube_fake_system.ts";
import { createRecordingLog } from "../support/kube_recording_log.ts";

function create(changes: Partial<Connection>) {
  const system = new FakeSystem();
  const clock = new FakeClock();
  const log = createRecordingLog();
  const source = createCredentialSource({ system, clock, log }, buildConnection(changes));
  return { system, clock, log, source };
}
const bearer = (token: string) => [["authorization", `Bearer ${token}`]];

Deno.test("createCredentialSource() reads a token file again every minute", async () => {
  const { system, clock, source } = create({ authentication: { tokenFile: "/token" } });
  system.files.set("/token", "one\n");
  const one = await source.get();
  assert.deepEqual(one.headers, bearer("one"));
  system.files.set("/token", "two\n");
  await clock.advance(59_999);
  assert.equal(await source.get(), one);
  await clock.advance(1);
  assert.deepEqual((await source.get()).headers, bearer("two"));
});

Deno.test("createCredentialSource() gives the same object while a token file says the same", async () => {
  const { system, clock, source } = create({ authentication: { tokenFile: "/token" } });
  system.files.set("/token", "one");
  const one = await source.get();
  await clock.advance(120_000);
  assert.equal(await source.get(), one);
  assert.equal(await source.get(undefined, one), one);
});

Deno.test("createCredentialSource() reads a token file at once when the token is refused", async () => {
  const { system, source } = create({ authentication: { tokenFile: "/token" } });
  system.files.set("/token", "one");
  const one = await source.get();
  system.files.set("/token", "two");
  assert.deepEqual((await source.get(undefined, one)).headers, bearer("two"));
  // Somebody else was slower to hear of it.
  const reads = system.reads.length;
  assert.deepEqual((await source.get(undefined, one)).headers, bearer("two"));
  assert.equal(system.reads.length, reads);
});

Deno.test("createCredentialSource() keeps the token while its file cannot be read", async () => {
  const { system, clock, log, source } = create({ authentication: { tokenFile: "/token" } });
  system.files.set("/token", "one");
  const one = await source.get();
  system.files.delete("/token");
  await clock.advance(60_000);
  assert.equal(await source.get(), one);
  assert.equal(log.lines[0]?.message, "Keeping the credential: its file cannot be read");
  assert.ok(!JSON.stringify(log.lines).includes("one"));
});

Deno.test("createCredentialSource() names the file that it cannot use", async () => {
  const missing = create({ authentication: { tokenFile: "/token" } });
  await assert.rejects(missing.source.get(), {
    name: "KubeCredentialError",
    message: 'Cannot read the credential "/token": No such file or directory: /token',
  });
  const empty = create({ authentication: { tokenFile: "/token" } });
  empty.system.files.set("/token", "\n");
  await assert.rejects(empty.source.get(), { message: 'Cannot use "/token": it is empty' });
});

Deno.test("createCredentialSource() prefers the token file to the token, while it can be read", async () => {
  const { system, clock, source } = create({
    authentication: { token: "fixed", tokenFile: "/token" },
  });
  assert.deepEqual((await source.get()).headers, bearer("fixed"));
  system.files.set("/token", "fresh");
  await clock.advance(60_000);
  assert.deepEqual((await source.get()).headers, bearer("fresh"));
});

Deno.test("createCredentialSource() reads a client certificate from files, again when refused", async () => {
  const { system, source } = create({
    authentication: {
      clientCertificate: { certificate: { file: "/c" }, key: { pem: "KEY" } },
    },
  });
  system.files.set("/c", "C1");
  const first = await source.get();
  assert.deepEqual(first.certificate, { certificatePem: "C1", keyPem: "KEY" });
  system.files.set("/c", "C2");
  assert.equal((await source.get(undefined, first)).certificate?.certificatePem, "C2");
});

Deno.test("createCredentialSource() writes one header line per group", async () => {
  const { source } = create({
    authentication: { basic: { username: "ü", password: "p:w" } },
    impersonate: {
      user: "her",
      uid: "u1",
      groups: ["a", "b"],
      extra: { "example.com/k v": ["1", "2"] },
    },
  });
  assert.deepEqual((await source.get()).headers, [
    ["authorization", "Basic w7w6cDp3"],
    ["impersonate-user", "her"],
    ["impersonate-uid", "u1"],
    ["impersonate-group", "a"],
    ["impersonate-group", "b"],
    ["impersonate-extra-example.com%2Fk%20v", "1"],
    ["impersonate-extra-example.com%2Fk%20v", "2"],
  ]);
});

Deno.test("createCredentialSource() sends no credential over plain HTTP, and runs no plugin", async () => {
  const authentications: readonly Connection["authentication"][] = [
    { token: "secret" },
    { basic: { username: "u", password: "p" } },
    { exec: buildExecConfig() },
  ];
  for (const authentication of authentications) {
    const { system, source } = create({ server: "http://localhost:8001", authentication });
    assert.deepEqual(await source.get(), { headers: [] });
    assert.equal(system.runs.length, 0);
  }
});
