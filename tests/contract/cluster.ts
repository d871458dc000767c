/**
 * What the contract's cases know of a cluster: the same words for the box and for a real one.
 *
 * @module
 */

import type { Json } from "../../sim/api_server/json.ts";

/** One request. */
export interface ContractRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** @default {"application/json"}, for PATCH `"application/merge-patch+json"` */
  readonly contentType?: string;
  /** @default {"application/json"} */
  readonly accept?: string;
}

/** One answer. */
export interface ContractResponse {
  readonly status: number;
  /** Decoded JSON; text where it is none. */
  readonly body: Json;
  /** `Warning` headers. */
  readonly warnings: readonly string[];
}

/** One event of a watch. */
export interface ContractEvent {
  readonly type: string;
  readonly object: Json;
}

/** An open watch. */
export interface ContractWatch extends AsyncDisposable {
  /** The next event that has arrived, if one has; `ended` once the server closed the stream. */
  readonly poll: () => ContractEvent | "ended" | undefined;
}

/** Sends requests as somebody. */
export interface ContractClient {
  readonly request: (
    method: string,
    path: string,
    request?: ContractRequest,
  ) => Promise<ContractResponse>;
  readonly watch: (
    path: string,
    query?: Readonly<Record<string, string>>,
    accept?: string,
  ) => Promise<ContractWatch>;
}

/** What a command printed. */
export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A webhook that listens. Dispose it to stop. */
export interface ServedWebhook extends AsyncDisposable {
  /** How a configuration says where it is. */
  readonly clientConfig: { readonly url: string; readonly caBundle?: string };
}

/** A cluster under test. */
export interface ContractCluster extends ContractClient {
  /** Somebody with a bearer token, or nobody. */
  readonly withToken: (token: string | undefined) => ContractClient;
  /** Somebody with a client certificate, in PEM. */
  readonly withCertificate: (certificatePem: string, privateKeyPem: string) => ContractClient;
  /** Lets a moment pass: some tens of milliseconds of the cluster's time. */
  readonly pause: () => Promise<void>;
  /** The cluster's time in epoch milliseconds. */
  readonly now: () => number;
  /** Forgets history where that can be asked for; elsewhere time has seen to it. */
  readonly compact: () => void;
  /** A bearer token of a user without any role. */
  readonly strangerToken: string;
  /** Serves something that the cluster can reach as a webhook. */
  readonly serveWebhook: (answer: (review: Request) => Response | Promise<Response>) => Promise<
    ServedWebhook
  >;
  /** A word that no other case uses. */
  readonly unique: (prefix: string) => string;
}

/** A cluster that kubectl reaches, too. */
export interface KubectlCluster extends ContractCluster {
  readonly kubectl: (
    args: readonly string[],
    stdin?: string,
    env?: Readonly<Record<string, string>>,
  ) => Promise<CommandOutput>;
}

/** One case: it makes what it needs under names of its own. */
export interface ContractCase {
  readonly name: string;
  readonly run: (cluster: ContractCluster) => Promise<void>;
}

/** One case that uses kubectl. */
export interface KubectlCase {
  readonly name: string;
  readonly run: (cluster: KubectlCluster) => Promise<void>;
}
