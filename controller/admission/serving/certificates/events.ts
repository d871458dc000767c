/**
 * What becomes of the webhook's certificates, as Kubernetes Events beside their Secret.
 *
 * @module
 */

import type { EventNote } from "../../../../kube/events.ts";
import type { ObjectRef } from "../../../../kube/resource.ts";
import { assertNever } from "../../../../providers/errors.ts";
import type { Rotation } from "./decide_rotation.ts";

/**
 * The Event for a change.
 *
 * @param existed Whether there was a Secret before.
 */
export function toNote(
  change: Rotation,
  { name, namespace }: ObjectRef,
  existed: boolean,
): EventNote {
  const object = { apiVersion: "v1", kind: "Secret", name, namespace };
  switch (change.kind) {
    case "startAnew":
      return existed
        ? {
          object,
          type: "Warning",
          reason: "WebhookCertificatesReplaced",
          message: `Made a new authority and certificate for the webhook: ${change.why}`,
        }
        : {
          object,
          type: "Normal",
          reason: "WebhookCertificatesCreated",
          message: "Made an authority and a certificate for the webhook",
        };
    case "addAuthority":
      return {
        object,
        type: "Normal",
        reason: "WebhookAuthorityAdded",
        message:
          `Made a further authority for the webhook: ${change.why}; until then both are trusted`,
      };
    case "renewLeaf":
      return {
        object,
        type: "Normal",
        reason: "WebhookCertificateRenewed",
        message: `Made a new certificate for the webhook: ${change.why}`,
      };
    case "forget":
      return {
        object,
        type: "Normal",
        reason: "WebhookAuthorityForgotten",
        message: "An authority of the webhook expired and is no longer trusted",
      };
    default:
      return assertNever(change);
  }
}
