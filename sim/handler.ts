/**
 * The shape of every stand-in for the world: a function from request to response.
 *
 * Served over sockets for the demo, kubectl and most tests, called in process by the simulation.
 *
 * @module
 */

/** Who is calling, as far as the transport knows. */
export interface Peer {
  /** The verified client certificate: common name and organisations. */
  readonly certificate?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
  } | undefined;
}

/** Returned instead of a response: the connection is dropped without an answer. */
export const cut: unique symbol = Symbol("cut");

/** See {@linkcode cut}. */
export type Cut = typeof cut;

/** A stand-in. */
export type Handler = (
  request: Request,
  context: { readonly peer: Peer },
) => Promise<Response | Cut>;
