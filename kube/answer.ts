/**
 * Reading answers of the API server.
 *
 * @module
 */

import type { KubernetesObject, Status } from "../schemas/kubernetes.ts";
import { KubeAnswerError, toMessage } from "./errors.ts";
import { isMapping } from "./fields.ts";
import { KubeError } from "./kube.ts";
import { type ResourceType, toApiVersion } from "./resource.ts";

/** How much of an answer that is not understood goes into a message, in characters. */
const excerptLength = 200;

/** One complete answer. */
export interface Answer {
  /** What was asked, for messages: `GET /api/v1/nodes`. */
  readonly asked: string;
  readonly status: number;
  readonly text: string;
}

/**
 * The JSON value of an answer.
 *
 * @throws {KubeError} If the status is not 2xx.
 * @throws {KubeAnswerError} If the body is not JSON.
 */
export function parseAnswer(answer: Answer): unknown {
  if (answer.status < 200 || answer.status > 299) throw toKubeError(answer);
  return parseJson(answer.text, answer.asked);
}

/** The error that an answer stands for. */
export function toKubeError({ asked, status: code, text }: Answer): KubeError {
  const status = parseStatus(text);
  if (status) return new KubeError(code, status.message ?? `${asked}: ${status.reason}`, status);
  // Not the API server but something in between: show whose words these are.
  const excerpt = text.replace(/\s+/g, " ").trim().slice(0, excerptLength);
  return new KubeError(code, `${asked} was answered ${code}: ${excerpt || "no further words"}`);
}

/**
 * Decodes JSON.
 *
 * @throws {KubeAnswerError} If the text is not JSON.
 */
export function parseJson(text: string, asked: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const excerpt = text.trimStart().startsWith("<") ? "an HTML page" : "no complete JSON";
    throw new KubeAnswerError(`Cannot read the answer to ${asked}: it is ${excerpt}`);
  }
}

/**
 * Reads one object. Lists and watches of built-in kinds leave out `apiVersion` and `kind` of their
 * items; here every object has them.
 *
 * @throws {KubeAnswerError} If it is not the object that `type` promises.
 */
export function parseObject<T extends KubernetesObject>(
  type: ResourceType<T>,
  raw: unknown,
  asked: string,
): T {
  if (!isMapping(raw)) throw new KubeAnswerError(`Cannot read the answer to ${asked}: no object`);
  try {
    return type.parse({ apiVersion: toApiVersion(type), kind: type.kind, ...raw });
  } catch (error) {
    const name = isMapping(raw.metadata) ? String(raw.metadata.name) : "";
    throw new KubeAnswerError(`Cannot read ${type.kind} "${name}": ${toMessage(error)}`, {
      cause: error,
    });
  }
}

/** A `Status` in a body or event, if it is one. */
export function parseStatus(body: unknown): Status | undefined {
  let decoded = body;
  if (typeof body === "string") {
    try {
      decoded = JSON.parse(body);
    } catch {
      return undefined;
    }
  }
  return isMapping(decoded) && decoded.kind === "Status" ? decoded as unknown as Status : undefined;
}
