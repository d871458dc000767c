import assert from "node:assert/strict";
import { createCertificateMaker } from "../../../../../controller/admission/serving/certificates/certificate_maker.ts";
import { listenByDeno } from "../../../../../controller/admission/serving/server/listen.ts";

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
