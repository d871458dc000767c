import assert from "node:assert/strict";
import https from "node:https";
import { createCertificateMaker } from "../../../../../controller/admission/serving/certificates/certificate_maker.ts";
import { listenByDeno } from "../../../../../controller/admission/serving/server/listen.ts";
import {
  promptHeaders,
  toPromptBody,
} from "../../../../../controller/admission/serving/server/prompt_body.ts";

const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 600_000 };

Deno.test("listenByDeno() shares a port with its own, and with nobody else", async () => {
  const maker = createCertificateMaker();
  const authority = await maker.makeAuthority("ca", validity);
  const certificate = await maker.makeLeaf(authority, ["127.0.0.1"], validity);
  const shared = {
    hostname: "127.0.0.1",
    certificate,
    handler: () => new Response("hello"),
    onError: () => new Response("sorry", { status: 500 }),
  };
  const first = listenByDeno({ ...shared, port: 0, isShared: false });
  const { port } = first;
  assert.throws(
    () => listenByDeno({ ...shared, port, isShared: false }),
    new RegExp(
      `^Error: Cannot serve the webhook: 127.0.0.1:${port} is in use; choose another port$`,
    ),
  );
  const second = listenByDeno({ ...shared, port, isShared: true });
  await first.shutdown();
  using client = Deno.createHttpClient({ caCerts: [authority.certificatePem] });
  const response = await fetch(`https://127.0.0.1:${port}/`, { client });
  assert.equal(await response.text(), "hello");
  await second.shutdown();
});

Deno.test("listenByDeno() answers for a handler that throws", async () => {
  const maker = createCertificateMaker();
  const authority = await maker.makeAuthority("ca", validity);
  const listener = listenByDeno({
    hostname: "127.0.0.1",
    port: 0,
    isShared: false,
    certificate: await maker.makeLeaf(authority, ["127.0.0.1"], validity),
    handler() {
      throw new Error("broken");
    },
    onError: (error) => new Response(String(error), { status: 500 }),
  });
  using client = Deno.createHttpClient({ caCerts: [authority.certificatePem] });
  const response = await fetch(`https://127.0.0.1:${listener.port}/`, { client });
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "Error: broken");
  await listener.shutdown();
});

Deno.test("a prompt body never waits for the network, however long it is", async () => {
  const maker = createCertificateMaker();
  const authority = await maker.makeAuthority("ca", validity);
  const listener = listenByDeno({
    hostname: "127.0.0.1",
    port: 0,
    isShared: false,
    certificate: await maker.makeLeaf(authority, ["127.0.0.1"], validity),
    handler({ url }) {
      const length = Number(new URL(url).searchParams.get("length"));
      return new Response(toPromptBody("x".repeat(length)), { headers: promptHeaders });
    },
    onError: () => new Response(null, { status: 500 }),
  });
  const { port } = listener;
  using agent = createAgent(authority.certificatePem);
  for (const length of [340, 900, 4_000]) {
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      const startMs = performance.now();
      await agent.get(`https://127.0.0.1:${port}/?length=${length}`);
      times.push(performance.now() - startMs);
    }
    // Once a connection is in use, the network's own delays of 40 ms would show every time.
    const [best = Infinity] = times.slice(5).sort((left, right) => left - right);
    assert.ok(best < 30, `${length} characters took ${best} ms at best`);
  }
  await listener.shutdown();
});

/** Asks on one connection after the other, as Node does: Deno's own client acknowledges at once. */
function createAgent(caPem: string) {
  const agent = new https.Agent({ ca: caPem, keepAlive: true, maxSockets: 1 });
  return {
    get: (url: string) =>
      new Promise<void>((resolve, reject) => {
        https.get(url, { agent }, (response) => {
          response.resume();
          response.on("end", resolve);
        }).on("error", reject);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
