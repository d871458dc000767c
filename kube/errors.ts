/**
 * What can go wrong before, or instead of, an answer of the API server.
 *
 * @module
 */

/** A kubeconfig, or a setting that overrides it, cannot be used. The message names file and field. */
export class KubeconfigError extends Error {
  override name = "KubeconfigError";
}

/** A credential could not be obtained. The message never holds the credential. */
export class KubeCredentialError extends Error {
  override name = "KubeCredentialError";
}

/** No connection to the API server, or one that broke before the answer was complete. */
export class KubeConnectionError extends Error {
  override name = "KubeConnectionError";
}

/** The API server did not answer, or went silent, for longer than allowed. */
export class KubeTimeoutError extends Error {
  override name = "KubeTimeoutError";
}

/** A watch brought nothing, not even a bookmark, for longer than its limit: it is dead, or very quiet. */
export class WatchSilenceError extends KubeTimeoutError {
  override name = "WatchSilenceError";
}

/** The answer is not what the Kubernetes API promises: a proxy's HTML page, cut JSON, a wrong shape. */
export class KubeAnswerError extends Error {
  override name = "KubeAnswerError";
}

/** The text of any thrown value. */
export function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
