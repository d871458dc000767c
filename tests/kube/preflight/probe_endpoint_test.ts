import assert from "node:assert/strict";
import { probeEndpoint } from "../../../kube/preflight/probe_endpoint.ts";
import { createAuthority } from "../../support/kube_tls.ts";
import { startTlsServer } from "../../support/kube_tls_server.ts";

const { signal } = new AbortController();
const host = "127.0.0.1";

async function withServer(
  names: readonly string[],
  run: (port: number, caPem: string) => Promise<void>,
): Promise<void> {
  const authority = await createAuthority();
  const certificate = await authority.issue({ commonName: "kube-apiserver", names });
  await using server = await startTlsServer(certificate, authority.caPem, (_, response) => {
    response.end();
  });
  await run(server.port, authority.caPem);
}

Deno.test("probeEndpoint() sees a certificate that is trusted and for this address", () =>
  withServer(["ip:127.0.0.1", "kubernetes"], async (port, caPem) => {
    const answer = await probeEndpoint({ host, port, caPem }, signal);
    assert.ok(answer.kind === "answered");
    assert.deepEqual([answer.distrust, answer.isForHost], [undefined, true]);
    assert.match(answer.names, /DNS:kubernetes/);
    assert.ok(answer.notAfterMs > Date.now());
  }));

Deno.test("probeEndpoint() sees who else the certificate is for", () =>
  withServer(["kubernetes"], async (port, caPem) => {
    const byAddress = await probeEndpoint({ host, port, caPem }, signal);
    assert.ok(byAddress.kind === "answered");
    assert.deepEqual([byAddress.distrust, byAddress.isForHost], [undefined, false]);
    const byName = await probeEndpoint({ host: "localhost", port, caPem }, signal);
    assert.ok(byName.kind === "answered" && !byName.isForHost);
  }));

Deno.test("probeEndpoint() trusts nobody but the given authority", () =>
  withServer(["ip:127.0.0.1"], async (port) => {
    const stranger = (await createAuthority()).caPem;
    for (const caPem of [stranger, undefined]) {
      const answer = await probeEndpoint({ host, port, caPem }, signal);
      assert.ok(answer.kind === "answered");
      assert.equal(answer.distrust, "another authority has signed it");
    }
  }));

Deno.test("probeEndpoint() says why nobody answers", async () => {
  const refused = await probeEndpoint({ host, port: 1, caPem: undefined }, signal);
  assert.ok(refused.kind === "silent");
  assert.match(refused.why, /refused/i);
  using listener = Deno.listen({ hostname: host, port: 0 });
  const closing = listener.accept().then((connection) => connection.close());
  const { port } = listener.addr;
  const dumb = await probeEndpoint({ host, port, caPem: undefined }, signal);
  assert.equal(dumb.kind, "silent");
  await closing;
});

Deno.test("probeEndpoint() stops waiting when it is told to", async () => {
  using listener = Deno.listen({ hostname: host, port: 0 });
  const accepted = listener.accept();
  const stop = new AbortController();
  const probing = probeEndpoint({ host, port: listener.addr.port, caPem: undefined }, stop.signal);
  const connection = await accepted;
  stop.abort(new Error("enough"));
  await assert.rejects(probing, /enough/);
  connection.close();
});
