/**
 * What the simulated RunPod's GraphQL answers, as Apollo puts it in envelopes.
 *
 * @module
 */

import type { ExecutionResult, GraphQLError } from "graphql";
import type { TrueAnswer } from "../faults.ts";
import { Refusal } from "./errors.ts";

/** Sends what an execution gave: refusals come with status 200. @throws Whatever is no refusal. */
export function toEnvelope(
  { data, errors = [] }: ExecutionResult,
  hasUnknown: boolean,
): TrueAnswer {
  const envelope = {
    ...(errors.length > 0 && { errors: errors.map(toResolverError) }),
    data: hasUnknown ? withUnknown(data) : data,
    ...(hasUnknown && { extensions: { invented: true } }),
  };
  return { status: 200, text: JSON.stringify(envelope), contentType };
}

/** The answer to a document that does not fit the schema. */
export function toInvalid(errors: readonly GraphQLError[], code: string): TrueAnswer {
  const lines = errors.map(({ message, locations }) => ({
    message,
    ...(locations !== undefined && { locations }),
    extensions: { code },
  }));
  return { status: 400, text: JSON.stringify({ errors: lines }), contentType };
}

/** The answer where every field fails alike. @param keys Of the answer's data; the last is to blame. */
export function toRefused({ row }: Refusal, keys: readonly string[]): TrueAnswer {
  const { message, code, graphqlStatus: status = 200 } = row;
  const body = status === 200
    ? {
      errors: [{ message, path: keys.slice(-1), extensions: { code } }],
      data: toNulls(keys),
    }
    : { errors: [{ message, extensions: { code } }] };
  return { status, text: JSON.stringify(body), contentType };
}

/** Nulls without a word. */
export function toNullData(keys: readonly string[]): TrueAnswer {
  return { status: 200, text: JSON.stringify({ data: toNulls(keys) }), contentType };
}

const contentType = "application/json; charset=utf-8";

function toNulls(keys: readonly string[]): Record<string, null> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

function toResolverError({ message, path, originalError }: GraphQLError): unknown {
  if (!(originalError instanceof Refusal)) throw originalError ?? new Error(message);
  return { message, path, extensions: { code: originalError.row.code } };
}

function withUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknown);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withUnknown(field)]);
  return { ...Object.fromEntries(fields), invented: ["nobody"] };
}
