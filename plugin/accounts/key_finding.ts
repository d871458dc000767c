/**
 * The API key of an account, or why it could not be read.
 *
 * @module
 */

import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { secrets } from "../../kube/resource.ts";
import { checkApiKey } from "../../providers/api_key.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";

/** See the module. */
export type KeyFinding =
  | {
    readonly kind: "found";
    readonly apiKey: string;
    /** Where it is, for people. */
    readonly from: string;
  }
  | {
    readonly kind: "missing" | "forbidden";
    /** With the remedy. */
    readonly message: string;
  };

/** What can be said of a key that was found, before anybody is asked. */
export function judgeKey(apiKey: string, from: string): KeyFinding {
  const problem = checkApiKey(apiKey);
  return problem === undefined
    ? { kind: "found", apiKey, from }
    : { kind: "missing", message: `${from}: ${problem}` };
}

/**
 * Reads the key that an entry refers to, as the controller does.
 *
 * @param namespace The controller's own, for entries that name none.
 * @throws {KubeError} If the API server could not be asked at all.
 */
export async function readKey(
  kube: Kube,
  { credentialsRef: { name, key, namespace: own } }: ProviderEntry,
  namespace: string,
): Promise<KeyFinding> {
  const path = `${own ?? namespace}/${name}`;
  let data: Readonly<Record<string, string>>;
  try {
    data = (await kube.get(secrets, { name, namespace: own ?? namespace })).data ?? {};
  } catch (error) {
    if (isNotFound(error)) {
      return missing(`Secret ${path} does not exist: create it, or correct credentialsRef`);
    }
    if (!(error instanceof KubeError) || error.code !== 403) throw error;
    const message = `you may not read Secret ${path}: ask for get on it, or check the key with ` +
      `--local (${error.message})`;
    return { kind: "forbidden", message };
  }
  const encoded = data[key];
  if (encoded === undefined) {
    const keys = Object.keys(data).sort().join(", ") || "none";
    return missing(
      `Secret ${path} has no key "${key}": add it, or correct credentialsRef (${keys})`,
    );
  }
  // Read like the controller: white space at the ends comes from files.
  const apiKey = new TextDecoder().decode(Uint8Array.fromBase64(encoded)).trim();
  return judgeKey(apiKey, `Secret ${path}, key ${key}`);
}

function missing(message: string): KeyFinding {
  return { kind: "missing", message };
}
