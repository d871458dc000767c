/**
 * The seam between the Kubernetes API and the wire: sockets in the real world, a function call in
 * simulations.
 *
 * @module
 */

/** A header; a list of them may repeat a name, which `Headers` would fold into one line. */
export type Header = readonly [name: string, value: string];

/** One request. */
export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query, starting with a slash. */
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string | undefined;
  /** Ends the exchange, also while the answer's body is being read. */
  readonly signal: AbortSignal;
}

/** A certificate and its key, in PEM. */
export interface ClientCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** What proves who we are, in one request. Two are the same credential if they are the same object. */
export interface Credential {
  /** `Authorization`, `Impersonate-User`, and the like. */
  readonly headers: readonly Header[];
  readonly certificate?: ClientCertificate | undefined;
}

/** A way to one API server. */
export interface KubeTransport {
  /**
   * The credential to send with the next request. May read files, run a plugin, or wait for a person:
   * no request timeout applies to it.
   *
   * @param refused The credential that the server has just answered 401 to. If the same object comes
   * back there is no better one.
   */
  authenticate(signal?: AbortSignal, refused?: Credential): Promise<Credential>;
  /**
   * Sends a request; the answer's body streams.
   *
   * @throws {KubeConnectionError} If no answer came.
   */
  send(request: KubeRequest, credential: Credential): Promise<Response>;
  /**
   * Gives up the open connections, because a request on one of them timed out: they may be dead
   * without knowing. Exchanges under way may continue.
   */
  dropConnections(): void;
  /** Closes everything. Safe to call twice; nothing may be sent afterwards. */
  close(): void;
}

/**
 * A transport without sockets.
 *
 * @param handle Answers requests; their URLs start with `https://kubernetes.default.svc`. For a broken
 * connection it throws {@linkcode KubeConnectionError}.
 */
export function createHandlerTransport(
  handle: (request: Request) => Promise<Response>,
): KubeTransport {
  const credential: Credential = { headers: [] };
  return {
    authenticate: () => Promise.resolve(credential),
    send: (request) =>
      handle(
        new Request(`https://kubernetes.default.svc${request.path}`, {
          method: request.method,
          headers: request.headers.map(([name, value]) => [name, value]),
          signal: request.signal,
          ...(request.body === undefined ? {} : { body: request.body }),
        }),
      ),
    dropConnections() {},
    close() {},
  };
}
