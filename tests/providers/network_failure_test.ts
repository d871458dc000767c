import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { explainNetworkFailure } from "../../providers/network_failure.ts";

/** What the platform's own `fetch` throws: these texts are all there is, so they are tested for real. */
async function failureOf(run: () => Promise<unknown>) {
  try {
    await run();
  } catch (error) {
    return explainNetworkFailure(error);
  }
  return assert.fail("did not fail");
}

async function withSocketServer(
  onData: (socket: Socket) => void,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    await run(typeof address === "object" && address !== null ? address.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

Deno.test("a refused connection was surely not sent", async () => {
  let closed = 0;
  await withSocketServer(() => {}, (port) => {
    closed = port;
    return Promise.resolve();
  });
  const failure = await failureOf(() => fetch(`http://127.0.0.1:${closed}/`, { method: "POST" }));
  assert.deepEqual(failure, { unsent: true, message: "connection refused" });
});

Deno.test("a server that does not speak TLS was surely not asked", async () => {
  await withSocketServer(
    (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    async (port) => {
      const failure = await failureOf(() =>
        fetch(`https://127.0.0.1:${port}/`, { method: "POST" })
      );
      assert.equal(failure.unsent, true);
    },
  );
});

Deno.test("a connection that is lost after the request may have been heard", async () => {
  for (const lose of ["destroy", "resetAndDestroy"] as const) {
    await withSocketServer((socket) => socket[lose](), async (port) => {
      const failure = await failureOf(() =>
        fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x" })
      );
      assert.equal(failure.unsent, false);
      assert.match(failure.message, /^connection (closed|reset)$/);
    });
  }
});

Deno.test("an answer that breaks off was heard", async () => {
  await withSocketServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", () => socket.destroy());
  }, async (port) => {
    const failure = await failureOf(async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
    assert.deepEqual(failure, { unsent: false, message: "the answer broke off" });
  });
});

Deno.test("an unknown host was surely not asked", () => {
  // As Deno writes it; looking a name up would need the network.
  const thrown = new TypeError("fetch failed", {
    cause: new Error(
      "error sending request for url (http://nope.invalid/): client error (Connect): dns error: failed to lookup address information: Name or service not known",
    ),
  });
  assert.deepEqual(explainNetworkFailure(thrown), { unsent: true, message: "no such host" });
});

Deno.test("what is not recognised may have been sent", () => {
  for (const thrown of [new Error("odd"), "text", undefined, new TypeError("fetch failed")]) {
    assert.deepEqual(explainNetworkFailure(thrown), {
      unsent: false,
      message: "the connection failed",
    });
  }
});
