/**
 * Asking one webhook.
 *
 * Texts follow k8s.io/apiserver `pkg/admission/plugin/webhook/validating/dispatcher.go`, `errors` and
 * `request`, v0.36.0.
 *
 * @module
 */

import { ApiError } from "../../api_error.ts";
import type { Core } from "../../core.ts";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../../json.ts";
import type { Webhook } from "./webhook.ts";

const reviewVersion = "admission.k8s.io/v1";

/** Thrown where there was no usable answer. */
class NoAnswerError extends Error {
  override name = "NoAnswerError";
}

/**
 * Asks a webhook about a request.
 *
 * @returns Its warnings.
 * @throws {ApiError} What it refuses with, or 500 if it cannot be asked and must be.
 */
export async function callWebhook(
  core: Core,
  webhook: Webhook,
  request: JsonObject,
): Promise<readonly string[]> {
  let response: JsonObject;
  try {
    response = readResponse(await post(core, webhook, request), asString(request.uid) ?? "");
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    if (!webhook.failsClosed) return [];
    throw failedCalling(webhook, error.message);
  }
  const warnings = asArray(response.warnings).filter((one) => typeof one === "string");
  if (response.allowed === true) return warnings;
  throw toDenial(webhook, asObject(response.status), warnings);
}

/** 500: a webhook that must be asked could not be. */
export function failedCalling({ name }: Webhook, why: string): ApiError {
  const message = `Internal error occurred: failed calling webhook "${name}": ${why}`;
  return new ApiError(500, "InternalError", message, {
    causes: [{ message: `failed calling webhook "${name}": ${why}` }],
  });
}

async function post(core: Core, webhook: Webhook, request: JsonObject): Promise<unknown> {
  const url = `${webhook.url}?timeout=${webhook.timeoutMs / 1000}s`;
  const failed = (why: string) =>
    new NoAnswerError(`failed to call webhook: Post "${url}": ${why}`);
  if (core.fetchWebhook === undefined) throw failed("no webhook can be reached from here");
  const over = new AbortController();
  const call = core.fetchWebhook(
    new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ kind: "AdmissionReview", apiVersion: reviewVersion, request }),
      signal: over.signal,
    }),
  ).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
  const late = core.clock.sleep(webhook.timeoutMs, over.signal).then(() => undefined);
  // Whichever loses settles later, and nobody listens any more.
  call.catch(() => {});
  late.catch(() => {});
  try {
    const answer = await Promise.race([call, late]);
    if (answer === undefined) throw failed("context deadline exceeded");
    const { status, text } = answer;
    if (status < 200 || status > 299) {
      throw new NoAnswerError(
        `failed to call webhook: an error on the server (${
          JSON.stringify(text.trim())
        }) has prevented the request from succeeding`,
      );
    }
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof NoAnswerError) throw error;
    throw failed(error instanceof Error ? error.message : String(error));
  } finally {
    over.abort();
  }
}

function readResponse(review: unknown, uid: string): JsonObject {
  const { apiVersion, kind, response } = asObject(review);
  if (apiVersion !== reviewVersion || kind !== "AdmissionReview") {
    throw new NoAnswerError(
      `received invalid webhook response: expected webhook response of ${reviewVersion}, ` +
        `Kind=AdmissionReview, got ${apiVersion}, Kind=${kind}`,
    );
  }
  if (!isObject(response)) {
    throw new NoAnswerError("received invalid webhook response: webhook response was absent");
  }
  if (response.uid !== uid) {
    throw new NoAnswerError(
      `received invalid webhook response: expected response.uid="${uid}", got "${response.uid}"`,
    );
  }
  return response;
}

/** A refusal is at least a 400, in the webhook's words. */
function toDenial(
  { name }: Webhook,
  status: JsonObject,
  warnings: readonly string[],
): ApiError {
  const denied = `admission webhook "${name}" denied the request`;
  const said = asString(status.message) || asString(status.reason);
  return new ApiError(
    Math.max(400, asNumber(status.code) ?? 0),
    asString(status.reason) ?? "",
    said ? `${denied}: ${said}` : `${denied} without explanation`,
    isObject(status.details) ? status.details : undefined,
    warnings,
  );
}
