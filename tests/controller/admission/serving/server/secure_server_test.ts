import assert from "node:assert/strict";
import { createCertificateMaker } from "../../../../../controller/admission/serving/certificates/certificate_maker.ts";
import { listenByDeno } from "../../../../../controller/admission/serving/server/listen.ts";
import {
  SecureServer,
  type SecureServerOptions,
} from "../../../../../controller/admission/serving/server/secure_server.ts";
import { systemClock } from "../../../../../runtime/clock.ts";
import { silentLog } from "../../../../../runtime/log.ts";
import { FakeClock } from "../../../../support/fake_clock.ts";
import { createScriptedListen } from "../../../../support/scripted_listen.ts";
import { load } from "../../../../support/webhook_load.ts";

const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 600_000 };
const maker = createCertificateMaker();

async function startServer(options: Partial<SecureServerOptions> = {}) {
  const authority = await maker.makeAuthority("ca", validity);
  const server = new SecureServer({ clock: systemClock, log: silentLog, listen: listenByDeno }, {
    hostname: "127.0.0.1",
    port: 0,
    handler: async (request) => new Response(await request.text()),
    ...options,
  });
  const exchange = async () =>
    server.serve(await maker.makeLeaf(authority, ["127.0.0.1"], validity));
  await exchange();
  return {
    server,
    exchange,
    url: `https://127.0.0.1:${server.port}/`,
    caPem: authority.certificatePem,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

for (const protocol of ["http1", "http2"] as const) {
  Deno.test(`SecureServer loses no request of ${protocol} while certificates are exchanged`, async () => {
    await using running = await startServer({ quietMs: 2_000 });
    const stop = new AbortController();
    const asking = load({ ...running, protocol, clients: 8, body: "{}" }, stop.signal);
    for (let exchanges = 0; exchanges < 6; exchanges++) {
      await systemClock.sleep(250);
      await running.exchange();
    }
    await systemClock.sleep(250);
    stop.abort();
    const { answered, failures } = await asking;
    assert.deepEqual(failures, []);
    assert.ok(answered > 50, `${answered} answers`);
  });
}

const certificate = (name: string) => ({ certificatePem: name, privateKeyPem: "" });

function startScripted() {
  const clock = new FakeClock();
  const { listen, listeners } = createScriptedListen();
  const server = new SecureServer({ clock, log: silentLog, listen }, {
    hostname: "0.0.0.0",
    port: 0,
    handler: () => new Response("hello"),
  });
  return { clock, server, listeners };
}

Deno.test("SecureServer listens when it has a certificate, and closes the old listener once it is quiet", async () => {
  const { clock, server, listeners } = startScripted();
  assert.equal(server.port, undefined);
  server.serve(certificate("first"));
  assert.equal(server.port, 9443);
  server.serve(certificate("second"));
  const [first, second] = listeners;
  assert.ok(first && second);
  assert.deepEqual([first.options.isShared, second.options.isShared], [false, true]);
  assert.equal(second.options.port, 9443);
  for (let seconds = 0; seconds < 60; seconds += 2) {
    await clock.advance(2_000);
    assert.equal((await first.ask()).headers.get("connection"), "close");
    assert.equal((await second.ask()).headers.get("connection"), null);
    assert.equal(first.state, "open");
  }
  await clock.advance(5_000);
  assert.equal(first.state, "closed");
  assert.equal(second.state, "open");
  assert.equal(clock.sleeping, 0);
  await server.close();
});

Deno.test("SecureServer closes the old listener in the end, however busy it is", async () => {
  const { clock, server, listeners } = startScripted();
  server.serve(certificate("first"));
  server.serve(certificate("second"));
  const [first] = listeners;
  for (let minutes = 0; minutes < 60; minutes++) {
    assert.equal(first?.state, "open");
    for (let seconds = 0; seconds < 60; seconds += 4) {
      await clock.advance(4_000);
      await first.ask();
    }
  }
  await clock.advance(5_000);
  assert.equal(first?.state, "closed");
  await server.close();
});

Deno.test("SecureServer closes everything at once when it is told to", async () => {
  const { clock, server, listeners } = startScripted();
  await server.close();
  server.serve(certificate("first"));
  server.serve(certificate("second"));
  await server.close();
  assert.deepEqual(listeners.map(({ state }) => state), ["closed", "closed"]);
  assert.equal(server.port, undefined);
  assert.equal(clock.sleeping, 0);
});

Deno.test("SecureServer goes on with the old listener when there is no new one to be had", async () => {
  const { listen, listeners } = createScriptedListen();
  let isBroken = false;
  const server = new SecureServer({
    clock: new FakeClock(),
    log: silentLog,
    listen(options) {
      if (isBroken) throw new Error("The certificate is broken");
      return listen(options);
    },
  }, { hostname: "0.0.0.0", port: 0, handler: () => new Response() });
  server.serve(certificate("first"));
  isBroken = true;
  assert.throws(() => server.serve(certificate("second")), /broken/);
  assert.equal(listeners[0]?.state, "open");
  assert.equal((await listeners[0]?.ask())?.headers.get("connection"), null);
  assert.equal(server.port, 9443);
  await server.close();
});
