import assert from "node:assert/strict";
import { type Cut, cut, type Peer } from "../../../../sim/handler.ts";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "../../../../sim/api_server/certificates/certificate_authority.ts";
import { serveHttps } from "../../../../sim/api_server/serve/serve_https.ts";

type Answer = (request: Request, peer: Peer) => Response | Cut | Promise<Response | Cut>;

/** Serves `answer`, and calls it as somebody of an authority. */
async function withServer(
  answer: Answer,
  use: (
    call: (path: string, init?: RequestInit, client?: CertificateAuthority) => Promise<Response>,
    authority: CertificateAuthority,
    port: number,
  ) => Promise<void>,
): Promise<void> {
  const authority = await createCertificateAuthority();
  const own = await authority.issueServer({ commonName: "server" }, ["127.0.0.1"]);
  const server = await serveHttps(
    async (request, { peer }) => await answer(request, peer),
    { ...own, clientCaPem: authority.certificatePem },
  );
  const clients: Deno.HttpClient[] = [];
  try {
    await use(
      async (path, init, issuer) => {
        const identity = await issuer?.issueClient({ commonName: "me", organizations: ["a", "b"] });
        const client = Deno.createHttpClient({
          caCerts: [authority.certificatePem],
          http2: false,
          ...(identity ? { cert: identity.certificatePem, key: identity.privateKeyPem } : {}),
        });
        clients.push(client);
        return await fetch(`https://127.0.0.1:${server.port}${path}`, { ...init, client });
      },
      authority,
      server.port,
    );
  } finally {
    for (const client of clients) client.close();
    await server.close();
  }
}

const tellPeer: Answer = (_request, peer) => new Response(JSON.stringify(peer));

Deno.test("a client certificate of the authority says who calls", async () => {
  await withServer(tellPeer, async (call, authority) => {
    assert.deepEqual(await (await call("/", {}, authority)).json(), {
      certificate: { commonName: "me", organizations: ["a", "b"] },
    });
    assert.deepEqual(await (await call("/")).json(), {});
  });
});

Deno.test("a certificate of somebody else's authority says nothing", async () => {
  const stranger = await createCertificateAuthority();
  await withServer(tellPeer, async (call) => {
    assert.deepEqual(await (await call("/", {}, stranger)).json(), {});
  });
});

Deno.test("method, path, headers and bytes arrive", async () => {
  const echo: Answer = async (request) => {
    const { pathname, search } = new URL(request.url);
    const bytes = [...new Uint8Array(await request.arrayBuffer())];
    const accept = request.headers.get("accept");
    return new Response(JSON.stringify([request.method, pathname + search, accept, bytes]), {
      status: 201,
    });
  };
  await withServer(echo, async (call) => {
    const body = Uint8Array.of(0, 255, 128);
    const response = await call("/a/b?c=d%20e", {
      method: "PATCH",
      headers: { accept: "x/y" },
      body,
    });
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), ["PATCH", "/a/b?c=d%20e", "x/y", [0, 255, 128]]);
  });
});

Deno.test("a cut drops the connection", async () => {
  await withServer(() => cut, async (call) => {
    await assert.rejects(call("/"), TypeError);
  });
});

Deno.test("a stream's headers come at once, and its end with the client's", async () => {
  const ended = Promise.withResolvers<void>();
  const stream: Answer = () => new Response(new ReadableStream({ cancel: () => ended.resolve() }));
  await withServer(stream, async (call) => {
    const stop = new AbortController();
    const response = await call("/", { signal: stop.signal });
    assert.equal(response.status, 200);
    const reading = assert.rejects(response.text());
    stop.abort();
    await reading;
    await ended.promise;
  });
});

Deno.test("a taken port is an error", async () => {
  await withServer(tellPeer, async (_call, authority, port) => {
    const own = await authority.issueServer({ commonName: "server" }, ["127.0.0.1"]);
    await assert.rejects(
      serveHttps(() => Promise.resolve(cut), {
        ...own,
        clientCaPem: authority.certificatePem,
        port,
      }),
      /^Error: Cannot listen on 127\.0\.0\.1:\d+: .*choose another port/,
    );
  });
});
