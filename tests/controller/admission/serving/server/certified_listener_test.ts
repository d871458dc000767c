import assert from "node:assert/strict";
import { CertifiedListener } from "../../../../../controller/admission/serving/server/certified_listener.ts";
import type { Handler } from "../../../../../controller/admission/serving/server/listen.ts";
import { FakeClock } from "../../../../support/fake_clock.ts";
import { createScriptedListen } from "../../../../support/scripted_listen.ts";

function start(handler: Handler = () => new Response("hello")) {
  const clock = new FakeClock();
  const { listen, listeners } = createScriptedListen();
  const listener = new CertifiedListener({ clock, listen }, {
    hostname: "127.0.0.1",
    port: 0,
    isShared: false,
    certificate: { certificatePem: "", privateKeyPem: "" },
    handler,
    onError: () => new Response(null, { status: 500 }),
  });
  const [socket] = listeners;
  assert.ok(socket);
  return { clock, listener, socket };
}

Deno.test("CertifiedListener sends clients away only while it drains", async () => {
  const { listener, socket } = start();
  assert.equal((await socket.ask()).headers.get("connection"), null);
  listener.drain();
  assert.equal((await socket.ask()).headers.get("connection"), "close");
  // HTTP/2 forbids that header, and has no host header of its own.
  const byHttp2 = await socket.ask(new Request("https://x/"));
  assert.equal(byHttp2.headers.get("connection"), null);
});

Deno.test("CertifiedListener is quiet when nothing has come for a while and nothing is under way", async () => {
  const answer = Promise.withResolvers<Response>();
  const { clock, listener, socket } = start(() => answer.promise);
  await clock.advance(60_000);
  listener.drain();
  assert.equal(listener.quietMs, 0);
  await clock.advance(2_000);
  assert.equal(listener.quietMs, 2_000);
  const asked = socket.ask();
  await clock.advance(2_000);
  assert.equal(listener.quietMs, 0);
  answer.resolve(new Response("at last"));
  await asked;
  assert.equal(listener.quietMs, 0);
  await clock.advance(500);
  assert.equal(listener.quietMs, 500);
});

Deno.test("CertifiedListener finishes what is under way, up to a limit", async () => {
  const answer = Promise.withResolvers<Response>();
  const { clock, listener, socket } = start(() => answer.promise);
  const asked = socket.ask();
  const closing = listener.shutdown(10_000);
  await clock.advance(9_000);
  assert.equal(socket.state, "shutting down");
  answer.resolve(new Response("at last"));
  assert.equal(await (await asked).text(), "at last");
  await closing;
  assert.equal(socket.state, "closed");
  assert.equal(clock.sleeping, 0);

  const stuck = start(() => new Promise<Response>(() => {}));
  stuck.socket.ask();
  const ending = stuck.listener.shutdown(10_000);
  await stuck.clock.advance(10_000);
  await ending;
  assert.equal(stuck.socket.state, "shutting down");
});
