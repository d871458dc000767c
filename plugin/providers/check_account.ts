/**
 * Proves one account's key: asks the cloud everything that costs nothing.
 *
 * @module
 */

import { fingerprintOf } from "../../providers/api_key.ts";
import type { AccountCheck, Provider } from "../../providers/contract.ts";
import { assertNever, ProviderError, type ProviderErrorKind } from "../../providers/errors.ts";
import type { ProviderEntry } from "../../schemas/node_class.ts";
import {
  type ClientDeps,
  cloudPatienceMs,
  createClient,
  describeSilence,
} from "../accounts/create_client.ts";
import { countOf } from "../output/count.ts";
import { withPatience } from "../patience.ts";
import type { CheckedAccount, CheckName, CheckResult, CheckState } from "./account_check.ts";
import { checkNames } from "./account_check.ts";
import type { KeyFinding } from "../accounts/key_finding.ts";

/** An account to be checked. */
export interface Candidate {
  readonly nodeClass: string | undefined;
  readonly entry: ProviderEntry;
  readonly provider: string;
  readonly key: KeyFinding;
  /** Fingerprint of the key that the controller uses, if it said. */
  readonly usedFingerprint: string | undefined;
  /** Identity of the account that the controller knows, if it said. */
  readonly knownIdentity: string | undefined;
  /** Whether launches depend on a block of a class, which is not known. */
  readonly lacksBlock: boolean;
}

/** Checks it. Never throws: what goes wrong is a check that failed. */
export async function checkAccount(
  deps: ClientDeps,
  candidate: Candidate,
): Promise<CheckedAccount> {
  const { key, nodeClass, entry, provider } = candidate;
  const account = { nodeClass, name: entry.name, provider };
  if (key.kind !== "found") {
    return {
      ...account,
      fingerprint: undefined,
      identity: undefined,
      checks: toResults(new Map([["key", { state: "fail", message: key.message }]]), notTried),
      forbidden: key.kind === "forbidden",
    };
  }
  const fingerprint = fingerprintOf(key.apiKey);
  const findings: Findings = new Map([["key", describeKey(candidate, key.from, fingerprint)]]);
  let identity: string | undefined;
  let rest: string = notTried;
  try {
    const limit = { ms: cloudPatienceMs, message: describeSilence(entry) };
    await withPatience(deps.clock, limit, async (signal) => {
      const client = createClient(deps, entry, key.apiKey);
      identity = await identify(client, candidate, findings, signal);
      if (findings.get("identity")?.state === "fail") return;
      await Promise.all([
        list(client, findings, signal),
        askAccount(client, candidate, findings, signal),
      ]);
      rest = `${client.info().displayName} has no way to tell`;
    });
  } catch (error) {
    const message = toMessage(error);
    if (!findings.has("identity")) note(findings, "identity", "fail", message);
    else {
      rest = message;
      if (!findings.has("list")) note(findings, "list", "fail", message);
    }
  }
  return {
    ...account,
    fingerprint,
    identity,
    checks: toResults(findings, rest),
    forbidden: false,
  };
}

type Finding = Pick<CheckResult, "state" | "message">;
type Findings = Map<CheckName, Finding>;

const notTried = "not tried";

async function identify(
  client: Provider,
  { key, knownIdentity, lacksBlock }: Candidate,
  findings: Findings,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { account } = await client.verifyCredentials(signal);
    const changed = account !== undefined && knownIdentity !== undefined &&
      account !== knownIdentity;
    const message = account === undefined ? "the key is accepted" : `account ${account}`;
    if (changed) {
      const remedy = `the controller knows account ${knownIdentity}: machines there would be lost`;
      note(findings, "identity", "warn", `${message}, but ${remedy}`);
    } else note(findings, "identity", "ok", message);
    return account;
  } catch (error) {
    signal.throwIfAborted();
    const check = error instanceof ProviderError ? blamed(error.kind) : "identity";
    if (check !== "identity") {
      note(findings, "identity", "ok", "the key is accepted");
      // What an entry names is not known without its class.
      if (check !== "launch" || !lacksBlock) note(findings, check, "fail", toMessage(error));
    } else {
      const wrong = error instanceof ProviderError && error.kind === "unauthorized";
      const remedy = wrong && key.kind === "found" ? `; put a working key into ${key.from}` : "";
      note(findings, "identity", "fail", toMessage(error) + remedy);
    }
    return undefined;
  }
}

/** What a failure is about: a cloud that says anything else but "unauthorized" has accepted the key. */
function blamed(kind: ProviderErrorKind): CheckName {
  switch (kind) {
    case "invalid_request":
    case "availability":
      return "launch";
    case "billing":
      return "billing";
    case "quota":
      return "quota";
    case "unauthorized":
    case "rate_limit":
    case "not_found":
    case "conflict":
    case "retired":
    case "transient":
    case "unknown":
      return "identity";
    default:
      return assertNever(kind);
  }
}

async function list(client: Provider, findings: Findings, signal: AbortSignal): Promise<void> {
  try {
    const instances = await client.listInstances(signal);
    note(findings, "list", "ok", `${countOf(instances.length, "machine")} in the account`);
  } catch (error) {
    signal.throwIfAborted();
    note(findings, "list", "fail", toMessage(error));
  }
}

async function askAccount(
  client: Provider,
  { lacksBlock }: Candidate,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  for (const { what, state, message } of await client.checkAccount(signal)) {
    if (what === "launch" && lacksBlock) {
      note(findings, what, "unknown", "depends on the class's block of this cloud");
    } else note(findings, what, state, message);
  }
}

function describeKey(
  { usedFingerprint, nodeClass }: Candidate,
  from: string,
  fingerprint: string,
): Finding {
  const message = `${fingerprint}, from ${from}`;
  if (usedFingerprint === undefined || usedFingerprint === fingerprint) {
    return { state: "ok", message };
  }
  const remedy =
    `the controller uses ${usedFingerprint} until the new key has proven to be of the ` +
    `same account: kubectl describe gnc ${nodeClass}`;
  return { state: "warn", message: `${message}; ${remedy}` };
}

/** The worst that is said of something counts. */
function note(
  findings: Findings,
  check: CheckName | AccountCheck["what"],
  state: CheckState,
  message: string,
): void {
  const order: readonly CheckState[] = ["ok", "unknown", "warn", "fail"];
  const before = findings.get(check);
  if (before && order.indexOf(before.state) >= order.indexOf(state)) return;
  findings.set(check, { state, message });
}

/** @param rest What is said of checks without a finding. */
function toResults(findings: Findings, rest: string): readonly CheckResult[] {
  return checkNames.map((check) => ({
    check,
    ...findings.get(check) ?? { state: "unknown", message: rest },
  }));
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
