/**
 * Things that stand between a client and its server.
 *
 * @module
 */

import http from "node:http";
import net, { type AddressInfo } from "node:net";

/** A running proxy. */
export interface TestProxy {
  readonly port: number;
  /** Connections that went through, as `host:port`. */
  readonly targets: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connects two sockets until either ends. */
function join(a: net.Socket, b: net.Socket): void {
  a.pipe(b);
  b.pipe(a);
  a.on("error", () => b.destroy());
  b.on("error", () => a.destroy());
  a.on("close", () => b.destroy());
  b.on("close", () => a.destroy());
}

async function listen(server: net.Server, sockets: Set<net.Socket>, targets: string[]) {
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** An HTTP proxy that does `CONNECT`, for those who know `user:password`. */
export async function startConnectProxy(login?: string): Promise<TestProxy> {
  const sockets = new Set<net.Socket>();
  const targets: string[] = [];
  const server = http.createServer();
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    sockets.add(socket);
    const wanted = login && `Basic ${btoa(login)}`;
    if (wanted && request.headers["proxy-authorization"] !== wanted) {
      return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    }
    const target = request.url ?? "";
    targets.push(target);
    const [host, port] = target.split(":");
    const upstream = net.connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      join(socket, upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
  });
  return await listen(server, sockets, targets);
}

/** A SOCKS5 proxy without authentication (RFC 1928). */
export async function startSocksProxy(): Promise<TestProxy> {
  const sockets = new Set<net.Socket>();
  const targets: string[] = [];
  const server = net.createServer((socket) => {
    socket.once("data", () => {
      socket.write(new Uint8Array([5, 0]));
      socket.once("data", (request: Uint8Array) => {
        const named = request[3] === 3;
        const length = named ? request[4] ?? 0 : 4;
        const from = named ? 5 : 4;
        const address = request.slice(from, from + length);
        const host = named ? new TextDecoder().decode(address) : address.join(".");
        const port = ((request[from + length] ?? 0) << 8) + (request[from + length + 1] ?? 0);
        targets.push(`${host}:${port}`);
        const upstream = net.connect(port, host, () => {
          socket.write(new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(socket, upstream);
        });
        sockets.add(upstream);
        upstream.on("error", () => socket.destroy());
      });
    });
  });
  return await listen(server, sockets, targets);
}

/** A TCP relay whose connections can die without a word, as behind a failed router. */
export interface Relay extends TestProxy {
  /** Swallows everything on the connections open now; new ones work. */
  swallow(): void;
}

/** Relays to a port of 127.0.0.1. */
export async function startRelay(toPort: number): Promise<Relay> {
  const sockets = new Set<net.Socket>();
  const targets: string[] = [];
  const server = net.createServer((socket) => {
    targets.push(`127.0.0.1:${toPort}`);
    const upstream = net.connect(toPort, "127.0.0.1");
    sockets.add(upstream);
    join(socket, upstream);
  });
  const proxy = await listen(server, sockets, targets);
  return {
    ...proxy,
    swallow() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.removeAllListeners("close");
        socket.resume();
      }
    },
  };
}
