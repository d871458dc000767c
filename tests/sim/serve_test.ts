import assert from "node:assert/strict";
import { cut, type Handler } from "../../sim/handler.ts";
import { serve } from "../../sim/serve.ts";

async function withServer(handler: Handler, run: (url: string) => Promise<void>): Promise<void> {
  const served = await serve(handler);
  try {
    await run(served.url);
  } finally {
    await served.close();
  }
}

Deno.test("serve() passes method, path, headers and body both ways", async () => {
  await withServer(async (request) => {
    const { pathname, search } = new URL(request.url);
    return new Response(
      `${request.method} ${pathname}${search} ${request.headers.get("x-a")} ${await request
        .text()}`,
      { status: 201, headers: { "x-b": "2" } },
    );
  }, async (url) => {
    const response = await fetch(`${url}/p?q=1`, {
      method: "POST",
      headers: { "x-a": "1" },
      body: new Blob(["streamed"]).stream(),
    });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("x-b"), "2");
    assert.equal(await response.text(), "POST /p?q=1 1 streamed");
  });
});

Deno.test("serve() drops the connection for a cut", async () => {
  let requests = 0;
  await withServer(() => {
    requests++;
    return Promise.resolve(cut);
  }, async (url) => {
    await assert.rejects(
      fetch(url),
      (error) =>
        error instanceof TypeError &&
        /closed before message completed/.test(String(error.cause)),
    );
    assert.equal(requests, 1);
  });
});

Deno.test("serve() drops the connection when a body fails half-way", async () => {
  await withServer(() => {
    let sent = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent) controller.error(new Error("broken"));
        else controller.enqueue(new TextEncoder().encode("half"));
        sent = true;
      },
    });
    return Promise.resolve(new Response(body, { headers: { "content-length": "8" } }));
  }, async (url) => {
    const response = await fetch(url);
    await assert.rejects(response.text(), TypeError);
  });
});

Deno.test("serve() aborts the request's signal when the client goes away", async () => {
  const aborted = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  await withServer(async (request) => {
    arrived.resolve();
    await new Promise<void>((resolve) =>
      request.signal.addEventListener("abort", () => resolve(), { once: true })
    );
    aborted.resolve();
    return cut;
  }, async (url) => {
    const leave = new AbortController();
    const asking = fetch(url, { signal: leave.signal });
    asking.catch(() => {});
    await arrived.promise;
    leave.abort();
    await assert.rejects(asking);
    await aborted.promise;
  });
});

Deno.test("serve() answers 500 for a handler that throws, and goes on", async () => {
  let requests = 0;
  await withServer(() => {
    if (requests++ === 0) throw new Error("broken stand-in");
    return Promise.resolve(new Response("fine"));
  }, async (url) => {
    const failed = await fetch(url);
    assert.equal(failed.status, 500);
    assert.match(await failed.text(), /broken stand-in/);
    assert.equal(await (await fetch(url)).text(), "fine");
  });
});

Deno.test("serve() says which port is taken", async () => {
  const served = await serve(() => Promise.resolve(new Response()));
  try {
    await assert.rejects(
      serve(() => Promise.resolve(new Response()), served.port),
      new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${served.port}: .*choose another port`),
    );
  } finally {
    await served.close();
  }
});
