/**
 * AdmissionReview v1, as far as it is used: what the API server asks.
 *
 * @module
 */

import { z } from "zod";

/** The one version that is spoken, both ways. */
export const reviewVersion = "admission.k8s.io/v1";

const text = z.string().max(253);

const requestSchema = z.object({
  uid: z.string().min(1).max(253),
  kind: z.object({ group: text, version: text, kind: text }),
  /** Empty or absent while the server has not made one up yet. */
  name: text.optional(),
  operation: z.enum(["CREATE", "UPDATE", "DELETE", "CONNECT"]),
  /** Empty or absent for the object itself. */
  subResource: text.optional(),
  /** `null` for deletions. */
  object: z.unknown(),
  /** `null` for creations. */
  oldObject: z.unknown(),
});

const reviewSchema = z.object({
  apiVersion: z.literal(reviewVersion),
  kind: z.literal("AdmissionReview"),
  request: requestSchema,
});

/** What is to be judged. */
export interface AdmissionRequest extends z.infer<typeof requestSchema> {
  /** Whether there may be more in it than in any object of ours. */
  readonly isLarge: boolean;
}

/** Our largest objects are larger, but what is smaller cannot hold too much. */
const smallLength = 32 * 1024;

/** Thrown for a body that is no AdmissionReview. */
export class ReviewFormatError extends Error {
  override name = "ReviewFormatError";
}

/**
 * Reads the body of a request.
 *
 * @throws {ReviewFormatError} Saying what it is instead.
 */
export function parseReview(body: string): AdmissionRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new ReviewFormatError("Cannot read the body: it is not JSON", { cause: error });
  }
  const parsed = reviewSchema.safeParse(json);
  if (parsed.success) return { ...parsed.data.request, isLarge: body.length > smallLength };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  throw new ReviewFormatError(
    `Cannot read the AdmissionReview of ${reviewVersion}: ${where}: ${issue?.message}`,
  );
}
