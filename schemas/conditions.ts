/**
 * Conditions as the Kubernetes API conventions want them, and every condition type and reason in use.
 *
 * @module
 */

import { z } from "zod";
import { mapOf } from "./lists.ts";
import { text } from "./text.ts";
import { timeSchema } from "./time.ts";

/** One typed status fact. */
export const conditionSchema = z.object({
  type: text({ min: 1, max: 316 }).describe("The fact this condition states"),
  status: z.enum(["True", "False", "Unknown"]).describe("Whether the fact holds"),
  observedGeneration: z.int().min(0).optional().describe(
    "metadata.generation of the spec that this was judged on; older than metadata.generation: not judged since the last change",
  ),
  lastTransitionTime: timeSchema.describe("When status last changed"),
  reason: text({ min: 1, max: 1024 }).describe(
    "Machine-readable word for why; the reference lists what each means",
  ),
  message: text({ max: 32768 }).describe("For people: why, and what to do about it"),
}).describe("A typed status fact");

/** One typed status fact. */
export type Condition = z.infer<typeof conditionSchema>;

/** A list of conditions, one per type. */
export const conditionsSchema = mapOf(conditionSchema, ["type"], 32).describe(
  "Typed facts about this object, one per type; `kubectl wait --for=condition=Ready` waits for one",
);

/** Condition types. */
export const conditionTypes = {
  ready: "Ready",
  credentialsResolved: "CredentialsResolved",
  providersReachable: "ProvidersReachable",
  catalogFresh: "CatalogFresh",
  nodeClassReady: "NodeClassReady",
  withinBudget: "WithinBudget",
  healthy: "Healthy",
  launched: "Launched",
  registered: "Registered",
  initialized: "Initialized",
  drained: "Drained",
  instanceTerminated: "InstanceTerminated",
  consolidatable: "Consolidatable",
} as const;

/** Words for why, in conditions and in the ends of claims. */
export const reasons = {
  // Generic
  ready: "Ready",
  pending: "Pending",
  // Node class
  allResolved: "AllResolved",
  secretNotFound: "SecretNotFound",
  secretKeyNotFound: "SecretKeyNotFound",
  secretNamespaceNotAllowed: "SecretNamespaceNotAllowed",
  credentialsMalformed: "CredentialsMalformed",
  credentialsRejected: "CredentialsRejected",
  accountChanged: "AccountChanged",
  unsupportedProvider: "UnsupportedProvider",
  providerUnreachable: "ProviderUnreachable",
  allReachable: "AllReachable",
  bootstrapMissing: "BootstrapMissing",
  providerBlockMissing: "ProviderBlockMissing",
  providerMisconfigured: "ProviderMisconfigured",
  providerDisabled: "ProviderDisabled",
  notJoinable: "NotJoinable",
  catalogRefreshed: "CatalogRefreshed",
  catalogStale: "CatalogStale",
  deletionHeld: "DeletionHeld",
  // Node pool
  nodeClassNotFound: "NodeClassNotFound",
  nodeClassNotReady: "NodeClassNotReady",
  paused: "Paused",
  withinLimits: "WithinLimits",
  limitReached: "LimitReached",
  bootsSucceed: "BootsSucceed",
  bootFailures: "BootFailures",
  // Claim: launch
  awaitingLaunch: "AwaitingLaunch",
  launchIntended: "LaunchIntended",
  launchUnknown: "LaunchUnknown",
  launched: "Launched",
  adopted: "Adopted",
  noOfferLeft: "NoOfferLeft",
  accountBlocked: "AccountBlocked",
  notNeeded: "NotNeeded",
  abandoned: "Abandoned",
  // Claim: registration and initialization
  awaitingNode: "AwaitingNode",
  accepted: "Accepted",
  registered: "Registered",
  unknownNode: "UnknownNode",
  staleNode: "StaleNode",
  taintMissing: "TaintMissing",
  addressMismatch: "AddressMismatch",
  providerIdMismatch: "ProviderIDMismatch",
  instanceNotRunning: "InstanceNotRunning",
  versionSkew: "VersionSkew",
  csrRejected: "CSRRejected",
  csrApproved: "CSRApproved",
  awaitingReady: "AwaitingReady",
  networkNotReady: "NetworkNotReady",
  startupTaintsPresent: "StartupTaintsPresent",
  resourceNotRegistered: "ResourceNotRegistered",
  gpuCountMismatch: "GPUCountMismatch",
  initialized: "Initialized",
  // Claim: ends
  outOfCapacity: "OutOfCapacity",
  bootFailed: "BootFailed",
  launchTimeout: "LaunchTimeout",
  registrationTimeout: "RegistrationTimeout",
  initializationTimeout: "InitializationTimeout",
  instanceFailed: "InstanceFailed",
  instanceStopped: "InstanceStopped",
  instanceVanished: "InstanceVanished",
  nodeDeleted: "NodeDeleted",
  empty: "Empty",
  inUse: "InUse",
  drained: "Drained",
  nothingToDrain: "NothingToDrain",
  terminating: "Terminating",
  terminationFailed: "TerminationFailed",
  terminated: "Terminated",
} as const;

/** A new value for one condition; `lastTransitionTime` is worked out by {@linkcode setCondition}. */
export type ConditionUpdate = Omit<Condition, "lastTransitionTime">;

/** The condition of a type, if stated. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether a condition is stated and `True`. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/**
 * The conditions with one replaced or added. `lastTransitionTime` moves only when `status` changes.
 *
 * @param now Epoch milliseconds.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  update: ConditionUpdate,
  now: number,
): Condition[] {
  const previous = findCondition(conditions, update.type);
  const lastTransitionTime = previous?.status === update.status
    ? previous.lastTransitionTime
    : formatTime(now);
  const next: Condition = { ...update, lastTransitionTime };
  const others = (conditions ?? []).filter((condition) => condition.type !== update.type);
  return previous
    ? (conditions ?? []).map((condition) => condition.type === update.type ? next : condition)
    : [...others, next];
}

/** Epoch milliseconds as an RFC 3339 UTC time in whole seconds, as Kubernetes writes them. */
export function formatTime(epochMs: number): string {
  return new Date(Math.floor(epochMs / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** An RFC 3339 time as epoch milliseconds; `undefined` stays `undefined`. */
export function parseTime(text: string): number;
export function parseTime(text: string | undefined): number | undefined;
export function parseTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
