/**
 * Requests by `fetch`, the fastest way Deno has.
 *
 * @module
 */

import type { Connector, ConnectorOptions } from "./connector.ts";

/**
 * How long an idle connection is kept, in milliseconds: less than the 60 s after which common load
 * balancers forget a connection without telling.
 */
const idleConnectionMs = 55_000;

/** Idle connections kept after a burst; HTTP/1.1 has as many as requests were under way at once. */
const maxIdleConnections = 32;

/**
 * Creates a connector over `Deno.createHttpClient`, which can neither check another name than the
 * URL's host nor skip the check: see {@linkcode createHttpsConnector}.
 *
 * HTTP/1.1 only: with HTTP/2 all requests share one connection, and when that dies silently (a
 * suspended machine, a load balancer) every later request hangs on it too.
 */
export function createFetchConnector(options: ConnectorOptions): Connector {
  let client = createHttpClient(options);
  return {
    send: (request, headers) =>
      fetch(options.server + request.path, {
        client,
        method: request.method,
        headers: headers.map(([name, value]) => [name, value]),
        signal: request.signal,
        // The API server does not redirect; following one would send credentials elsewhere.
        redirect: "manual",
        ...(request.body === undefined ? {} : { body: request.body }),
      }),
    dropIdle() {
      // A closed client finishes what it has begun.
      client.close();
      client = createHttpClient(options);
    },
    close: () => client.close(),
  };
}

function createHttpClient(options: ConnectorOptions): Deno.HttpClient {
  return Deno.createHttpClient({
    http2: false,
    poolIdleTimeout: idleConnectionMs,
    poolMaxIdlePerHost: maxIdleConnections,
    ...(options.caPem ? { caCerts: [options.caPem] } : {}),
    ...(options.proxyUrl ? { proxy: toProxy(options.proxyUrl) } : {}),
    ...(options.certificate
      ? { cert: options.certificate.certificatePem, key: options.certificate.keyPem }
      : {}),
  });
}

function toProxy(proxyUrl: string): Deno.Proxy {
  const url = new URL(proxyUrl);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const transport = url.protocol === "socks5:"
    ? "socks5"
    : url.protocol === "https:"
    ? "https"
    : "http";
  if (!username) return { transport, url: url.href };
  const basicAuth = {
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  return { transport, url: url.href, basicAuth };
}
