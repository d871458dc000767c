/**
 * The API server's audit log: what the controller's service account asked for, and what it was told.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** One request to the API server. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  /** Absent for paths that are no resources, such as `/version`. */
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number; readonly message?: string };
}

/** Flags that make the API server keep an audit log in the control plane's folder. */
export function toAuditArgs(dir: string): string[] {
  const policy = fileURLToPath(new URL("./audit_policy.yaml", import.meta.url));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${toLogPath(dir)}`];
}

/** Everything that was answered so far; a watch is there from its start, and once more from its end. */
export async function readAudit(dir: string): Promise<readonly AuditEvent[]> {
  const text = await Deno.readTextFile(toLogPath(dir));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function toLogPath(dir: string): string {
  return `${dir}/audit.log`;
}
