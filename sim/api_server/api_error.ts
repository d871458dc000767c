/**
 * The errors an API server answers with, in its own words.
 *
 * Reasons and texts follow k8s.io/apimachinery `pkg/api/errors/errors.go`, v0.36.0.
 *
 * @module
 */

import type { JsonObject } from "./json.ts";

/** What kind of objects an error speaks of. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** One reason why an object is refused. */
export interface Cause {
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueNotSupported"
    | "FieldValueForbidden"
    | "FieldValueDuplicate"
    | "FieldValueTypeInvalid"
    | "FieldValueTooLong"
    | "FieldValueTooMany"
    | "FieldManagerConflict"
    | "DisruptionBudget";
  readonly message: string;
  /** Path such as `spec.providers[0].name`. */
  readonly field?: string;
}

/** A refusal, thrown anywhere below the handler and turned into a `Status` by it. */
export class ApiError extends Error {
  override name = "ApiError";
  /** HTTP status. */
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;
  /** What a webhook warned of beside refusing. */
  readonly warnings: readonly string[];

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: JsonObject,
    warnings: readonly string[] = [],
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.warnings = warnings;
  }

  /** The body of the answer. */
  toStatus(): JsonObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      ...(this.reason === "" ? {} : { reason: this.reason }),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** `plural.group`, or `plural` in the core group. */
export function qualify(resource: GroupResource): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

function detailsOf(resource: GroupResource, name: string): JsonObject {
  return {
    ...(name ? { name } : {}),
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.plural,
  };
}

/** 404: no such object. */
export function notFound(resource: GroupResource, name: string): ApiError {
  const message = `${qualify(resource)} "${name}" not found`;
  return new ApiError(404, "NotFound", message, detailsOf(resource, name));
}

/** 404: no such resource, in a group that exists. */
export function unknownResource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

/** 404: no such path. Answered with plain text, as the real server does. */
export function unknownPath(): ApiError {
  return new ApiError(404, "UnknownPath", "404 page not found");
}

/** 409: an object of that name exists. */
export function alreadyExists(resource: GroupResource, name: string): ApiError {
  const message = `${qualify(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, detailsOf(resource, name));
}

/** 409: somebody else wrote first, or a precondition does not hold. */
export function conflict(
  resource: GroupResource,
  name: string,
  why =
    "the object has been modified; please apply your changes to the latest version and try again",
): ApiError {
  const message = `Operation cannot be fulfilled on ${qualify(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, detailsOf(resource, name));
}

/** 422: the object breaks its kind's rules. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): ApiError {
  const texts = causes.map((cause) => `${cause.field ?? ""}: ${cause.message}`);
  const joined = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const qualified = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError(422, "Invalid", `${qualified} "${name}" is invalid: ${joined}`, {
    ...(name ? { name } : {}),
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes: causes.map(({ reason, message, field }) => ({
      reason,
      message,
      ...(field === undefined ? {} : { field }),
    })),
  });
}

/** 403: this user may not do that. */
export function forbidden(resource: GroupResource, name: string, why: string): ApiError {
  const subject = name ? `${qualify(resource)} "${name}"` : qualify(resource);
  return new ApiError(
    403,
    "Forbidden",
    `${subject} is forbidden: ${why}`,
    detailsOf(resource, name),
  );
}

/** 401: who are you. */
export function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

/** 400: the request makes no sense. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

/** 410: the version asked for is no longer remembered. */
export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** 405: this resource does not do that. */
export function methodNotAllowed(): ApiError {
  const message = "the server does not allow this method on the requested resource";
  return new ApiError(405, "MethodNotAllowed", message, {});
}

/** 415: the body is in a format that this resource does not read. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message =
    "the body of the request was in an unknown format - accepted media types include: " +
    accepted.join(", ");
  return new ApiError(415, "UnsupportedMediaType", message);
}
