/**
 * What a request asks for, read from its method and URL.
 *
 * @module
 */

/** Kubernetes' word for what a request does. */
export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection";

/** A request for a resource. */
export interface ResourceRequest {
  readonly kind: "resource";
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty for cluster-scoped resources and for all namespaces. */
  readonly namespace: string;
  /** Empty for collections. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly query: URLSearchParams;
}

/** A request for anything else: discovery, version, health. */
export interface PathRequest {
  readonly kind: "path";
  /** The HTTP method in lower case, as authorization names it. */
  readonly verb: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What a request asks for. */
export type RequestInfo = ResourceRequest | PathRequest;

/**
 * Something that somebody may or may not do: what a request asks for, or a verb that no request has
 * (`impersonate`, `approve`) and that rules name all the same.
 */
export type AccessQuestion =
  | PathRequest
  | (Omit<ResourceRequest, "verb"> & { readonly verb: string });

/** Subresources that a namespace has of its own; anything else below it is a resource in it. */
const namespaceSubresources = new Set(["status", "finalize"]);

/** Reads a request's method and URL. Pure; unknown paths are path requests. */
export function parseRequestInfo(method: string, url: URL): RequestInfo {
  const query = url.searchParams;
  const other: PathRequest = {
    kind: "path",
    verb: method.toLowerCase(),
    path: url.pathname,
    query,
  };
  const [root, ...parts] = url.pathname.split("/").filter((part) => part !== "").map(decode);
  if (root !== "api" && root !== "apis") return other;
  const group = root === "api" ? "" : parts.shift();
  const version = parts.shift();
  if (group === undefined || version === undefined || parts.length === 0) return other;
  // The old form of watches: /api/v1/watch/pods
  const watchPath = parts[0] === "watch" && parts.length > 1;
  if (watchPath) parts.shift();
  const { namespace, plural, name, subresource } = splitPath(parts);
  const verb = toVerb(method, name, watchPath || isTrue(query.get("watch")), query);
  if (verb === undefined) return other;
  return { kind: "resource", verb, group, version, plural, namespace, name, subresource, query };
}

function splitPath(parts: readonly string[]) {
  const [first = "", second = "", third = "", ...rest] = parts;
  if (first === "namespaces" && third !== "" && !namespaceSubresources.has(third)) {
    const [name = "", ...subresource] = rest;
    return { namespace: second, plural: third, name, subresource: subresource.join("/") };
  }
  // A Namespace object lies in itself: that is how authorization sees it.
  const namespace = first === "namespaces" ? second : "";
  return {
    namespace,
    plural: first,
    name: second,
    subresource: [third, ...rest].filter(Boolean).join("/"),
  };
}

function toVerb(
  method: string,
  name: string,
  watch: boolean,
  query: URLSearchParams,
): Verb | undefined {
  switch (method) {
    case "GET":
    case "HEAD":
      if (watch && (name === "" || isTrue(query.get("watch")))) return "watch";
      return name === "" ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    default:
      return undefined;
  }
}

/** Whether a query parameter says yes. */
export function isTrue(value: string | null): boolean {
  return value === "true" || value === "1";
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
