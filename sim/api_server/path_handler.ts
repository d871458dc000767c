/**
 * Everything that is not a resource: health, version, discovery, OpenAPI.
 *
 * @module
 */

import { contentTypeOf, parseAccept } from "./accept.ts";
import { unknownPath } from "./api_error.ts";
import type { Core } from "./core.ts";
import { discover } from "./discovery/discovery.ts";
import { openApiDocument, openApiIndex } from "./discovery/openapi.ts";
import { serverVersion } from "./discovery/version.ts";
import type { PathRequest } from "./request_info.ts";
import { respondJson } from "./respond.ts";

const healthPaths = new Set(["/healthz", "/livez", "/readyz"]);

function plain(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

/** Answers a request for a path. */
export function handlePath(core: Core, info: PathRequest, request: Request): Response {
  const path = info.path.replace(/\/$/, "");
  if (healthPaths.has(path)) return plain("ok");
  if (path === "/version") return respondJson(serverVersion);
  if (path === "/openapi/v3") return respondJson(openApiIndex(core.registry));
  if (path.startsWith("/openapi/v3/")) {
    const document = openApiDocument(core.registry, path.slice("/openapi/v3/".length));
    if (document) return respondJson(document);
  }
  const accepted = parseAccept(request.headers.get("Accept"));
  const found = discover(core.registry, path, accepted);
  if (!found) throw unknownPath();
  return respondJson(found, { contentType: contentTypeOf(accepted) });
}
