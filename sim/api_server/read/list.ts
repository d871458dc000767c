/**
 * Lists: consistent snapshots, page by page.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { ApiError, badRequest, expired } from "../api_error.ts";
import type { Core, ResourceCall } from "../core.ts";
import { asNumber, asObject, asString } from "../json.ts";
import { toStoreKey } from "../storage/store.ts";
import { parseSelection } from "./selection.ts";

/** One page. */
export interface Page {
  readonly items: readonly ApiObject[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
  readonly remainingItemCount: number | undefined;
}

/** Where a page starts: the revision of the whole list, and the key after which it goes on. */
interface Position {
  readonly revision: number;
  readonly after: string;
}

/**
 * Reads a page.
 *
 * @throws {ApiError} 410 when the revision of a continued list is forgotten, 504 for one that has not
 * happened yet, 400 for parameters that make no sense.
 */
export function listPage(core: Core, call: ResourceCall): Page {
  const { query } = call.info;
  const selection = parseSelection(call);
  const position = parsePosition(core, query);
  const all = core.store.listAt(call.definition.storageKey, position.revision);
  if (all === undefined) {
    throw expired(
      query.get("continue")
        ? "The provided continue parameter is too old to display a consistent list result. You must" +
          " start a new list without the continue parameter."
        : "The resourceVersion for the provided list is too old.",
    );
  }
  const selected = all.filter((object) =>
    keyOf(object) > position.after && selection.matches(object)
  );
  const limit = parseLimit(query.get("limit"));
  const items = limit > 0 ? selected.slice(0, limit) : selected;
  const last = items.at(-1);
  const remaining = selected.length - items.length;
  const resourceVersion = String(position.revision);
  if (remaining === 0 || last === undefined) {
    return { items, resourceVersion, continueToken: undefined, remainingItemCount: undefined };
  }
  return {
    items,
    resourceVersion,
    continueToken: toToken({ revision: position.revision, after: keyOf(last) }),
    // With a selector the real server cannot know without reading on.
    remainingItemCount: selection.filtered ? undefined : remaining,
  };
}

function parseLimit(text: string | null): number {
  if (text === null || text === "") return 0;
  if (!/^\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}

function keyOf({ metadata }: ApiObject): string {
  return toStoreKey(metadata.namespace ?? "", metadata.name);
}

function parsePosition(core: Core, query: URLSearchParams): Position {
  const token = query.get("continue");
  const current = core.store.revision;
  if (token) return parseToken(token, current);
  const asked = parseRevision(query.get("resourceVersion"));
  if (asked > current) throw tooLarge(asked, current);
  const exact = query.get("resourceVersionMatch") === "Exact";
  return { revision: exact ? asked : current, after: "" };
}

function toToken({ revision, after }: Position): string {
  const text = JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: after });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function parseToken(token: string, current: number): Position {
  try {
    const raw = asObject(JSON.parse(atob(token.replaceAll("-", "+").replaceAll("_", "/"))));
    const revision = asNumber(raw.rv);
    // -1 continues at the newest state: what the real server offers after a 410.
    if (revision !== undefined) {
      return { revision: revision < 0 ? current : revision, after: asString(raw.start) ?? "" };
    }
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest("continue key is not valid: it was not issued by this server");
}

/**
 * A resource version parameter as a number; absent and empty count as 0.
 *
 * @throws {ApiError} 400 for anything else.
 */
export function parseRevision(text: string | null): number {
  if (text === null || text === "") return 0;
  if (!/^\d+$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}

function tooLarge(asked: number, current: number): ApiError {
  return new ApiError(
    504,
    "Timeout",
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      retryAfterSeconds: 1,
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    },
  );
}
