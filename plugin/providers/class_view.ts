/**
 * A GPUNodeClass as far as lists show it: its accounts.
 *
 * Read field by field and not by the full schema: loading that would double the time of the command.
 *
 * @module
 */

import { Fields } from "../../kube/fields.ts";
import type { ResourceType } from "../../kube/resource.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { apiGroup } from "../../schemas/labels.ts";
import { readIdentity } from "../output/read_identity.ts";

/** A breaker that is not closed. */
export interface BreakerView {
  readonly operation: string;
  /** `Open` or `HalfOpen`. */
  readonly state: string;
}

/** What the controller found out about an account. Amounts are decimal strings of US dollars. */
export interface AccountStatusView {
  readonly provider: string;
  readonly available: boolean;
  readonly reason: string;
  readonly message: string;
  readonly credentialFingerprint: string | undefined;
  /** The cloud's own identity of the account. */
  readonly identity: string | undefined;
  readonly offers: number | undefined;
  readonly availableOffers: number | undefined;
  readonly cheapestPerHour: string | undefined;
  readonly breakers: readonly BreakerView[];
}

/** One account of a class. */
export interface AccountView {
  readonly nodeClass: string;
  /** The entry of the class's providers. */
  readonly name: string;
  /** As the status says it, else as the entry does. */
  readonly provider: string;
  readonly priority: number;
  readonly enabled: boolean;
  /** Absent until the controller has looked at it. */
  readonly status: AccountStatusView | undefined;
  /** RFC 3339; of the class. */
  readonly createdAt: string | undefined;
  /** RFC 3339. */
  readonly checkedAt: string | undefined;
}

/** A class. */
export interface ClassView extends KubernetesObject {
  readonly accounts: readonly AccountView[];
}

/** GPUNodeClasses, as lists show them. */
export const classViews: ResourceType<ClassView> = {
  group: apiGroup,
  version: "v1",
  kind: "GPUNodeClass",
  plural: "gpunodeclasses",
  namespaced: false,
  parse: parseClassView,
};

/** @throws {FieldError} If a field has another type than the API server promises. */
function parseClassView(raw: unknown): ClassView {
  const object = new Fields(raw);
  const identity = readIdentity(object);
  const status = object.fields("status");
  const statuses = new Map(
    status.fieldsList("providers").map((entry) => [
      entry.requiredString("name"),
      parseAccountStatus(entry),
    ]),
  );
  const accounts = object.fields("spec").fieldsList("providers").map((entry): AccountView => {
    const name = entry.requiredString("name");
    const known = statuses.get(name);
    return {
      nodeClass: identity.metadata.name,
      name,
      provider: known?.provider ?? entry.string("provider") ?? name,
      priority: readNumber(entry.raw("priority")) ?? 0,
      enabled: entry.boolean("enabled") ?? true,
      status: known,
      createdAt: identity.metadata.creationTimestamp,
      checkedAt: status.string("lastCheckedTime"),
    };
  });
  return { ...identity, accounts };
}

function parseAccountStatus(entry: Fields): AccountStatusView {
  return {
    provider: entry.requiredString("provider"),
    available: entry.boolean("available") ?? false,
    reason: entry.string("reason") ?? "",
    message: entry.string("message") ?? "",
    credentialFingerprint: entry.string("credentialFingerprint"),
    identity: entry.string("account"),
    offers: readNumber(entry.raw("offers")),
    availableOffers: readNumber(entry.raw("availableOffers")),
    cheapestPerHour: entry.string("cheapestPerHour"),
    breakers: entry.fieldsList("breakers").map((breaker) => ({
      operation: breaker.requiredString("operation"),
      state: breaker.requiredString("state"),
    })),
  };
}

function readNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
