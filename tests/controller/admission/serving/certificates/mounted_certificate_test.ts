import assert from "node:assert/strict";
import type { KeyedCertificate } from "../../../../../controller/admission/serving/certificates/certificate.ts";
import { MountedCertificate } from "../../../../../controller/admission/serving/certificates/mounted_certificate.ts";
import { FakeClock } from "../../../../support/fake_clock.ts";
import { createRecordingLog } from "../../../../support/kube_recording_log.ts";
import { createSyncMaker } from "../../../../support/sync_certificate_maker.ts";

const validity = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2026, 3, 1) };

async function setUp() {
  const maker = createSyncMaker();
  const authority = await maker.makeAuthority("somebody's-ca", validity);
  const clock = new FakeClock();
  const log = createRecordingLog();
  const files = new Map<string, string>();
  const served: KeyedCertificate[] = [];
  const mounted = new MountedCertificate({
    clock,
    log,
    readTextFile(path) {
      const text = files.get(path);
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    },
    serve: (certificate) => served.push(certificate),
  }, "/certs");
  const stop = new AbortController();
  return {
    clock,
    served,
    problems: () =>
      log.lines.filter(({ level }) => level === "warn").map(({ fields }) => fields.error),
    issue: () => maker.makeLeaf(authority, ["webhook.example"], validity),
    mount({ certificatePem, privateKeyPem }: Partial<KeyedCertificate>) {
      if (certificatePem !== undefined) files.set("/certs/tls.crt", certificatePem);
      if (privateKeyPem !== undefined) files.set("/certs/tls.key", privateKeyPem);
    },
    running: mounted.run(stop.signal),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await this.running;
      assert.equal(clock.sleeping, 0);
    },
  };
}

Deno.test("MountedCertificate serves what is in the files, and again when they change", async () => {
  await using world = await setUp();
  const { clock, issue, mount, served } = world;
  const [first, second] = [await issue(), await issue()];
  mount(first);
  await clock.advance(60_000);
  assert.deepEqual(served, [first]);
  mount(second);
  await clock.advance(5_000);
  assert.deepEqual(served, [first, second]);
  assert.deepEqual(world.problems(), ["NotFound: /certs/tls.crt"]);
});

Deno.test("MountedCertificate uses no certificate with another's key, as in the middle of an exchange", async () => {
  await using world = await setUp();
  const { clock, issue, mount, served } = world;
  const [first, second] = [await issue(), await issue()];
  mount(first);
  await clock.advance(5_000);
  mount({ certificatePem: second.certificatePem });
  await clock.advance(60_000);
  assert.deepEqual(served, [first]);
  mount({ privateKeyPem: second.privateKeyPem });
  await clock.advance(5_000);
  assert.deepEqual(served, [first, second]);
});

Deno.test("MountedCertificate goes on with what it has, and says once what is wrong", async () => {
  await using world = await setUp();
  const { clock, issue, mount, served } = world;
  const first = await issue();
  mount(first);
  await clock.advance(5_000);
  mount({ certificatePem: "nonsense" });
  await clock.advance(60_000);
  mount({ certificatePem: (await issue()).certificatePem });
  await clock.advance(60_000);
  assert.deepEqual(world.problems().slice(1), [
    "Error: /certs/tls.crt holds no certificate",
    "Error: /certs/tls.key is not the key of tls.crt",
  ]);
  assert.deepEqual(served, [first]);
});
