/**
 * HTTPS through a proxy, by the proxy's `CONNECT`.
 *
 * @module
 */

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { KubeconfigError, KubeConnectionError } from "./errors.ts";

/**
 * Creates an agent whose connections go through a proxy.
 *
 * @param proxyUrl `http:` or `https:`, with user information where the proxy wants it.
 * @param options TLS options towards the server behind the proxy.
 * @throws {KubeconfigError} For a SOCKS proxy.
 */
export function createTunnelAgent(proxyUrl: string, options: https.AgentOptions): https.Agent {
  const proxy = new URL(proxyUrl);
  if (proxy.protocol === "socks5:") {
    throw new KubeconfigError(
      "Cannot use a socks5 proxy-url together with tls-server-name or insecure-skip-tls-verify: " +
        "use an http proxy, or the server's own name and certificate authority",
    );
  }
  // Not a subclass: Node lets this method answer through its callback alone, its typings do not.
  return Object.assign(new https.Agent(options), {
    createConnection(target: https.RequestOptions, callback: OnConnected): undefined {
      openTunnel(proxy, `${target.host}:${target.port}`).then(
        (socket) => {
          const { servername } = { ...target, ...options };
          const { ca, cert, key, rejectUnauthorized } = options;
          callback(null, tls.connect({ socket, servername, ca, cert, key, rejectUnauthorized }));
        },
        (error) => callback(error),
      );
    },
  });
}

type OnConnected = (error: Error | null, stream?: Duplex) => void;

/** @param target `host:port` of the server. */
function openTunnel(proxy: URL, target: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? https : http).request(proxy, {
      method: "CONNECT",
      path: target,
      agent: false,
      headers: { host: target, ...toProxyAuthorization(proxy) },
    });
    request.on("error", reject);
    request.on("connect", (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(
        new KubeConnectionError(
          `Cannot reach ${target} through the proxy ${proxy.host}: it answered ${response.statusCode}`,
        ),
      );
    });
    request.end();
  });
}

function toProxyAuthorization(proxy: URL): Record<string, string> {
  if (!proxy.username) return {};
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${toBase64(login)}` };
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
