/**
 * `url(…)`, as k8s.io/apiserver `pkg/cel/library/urls.go` has it, v0.36: what Go's `url.ParseRequestURI`
 * reads, and as it is written, where JavaScript's `URL` would normalize it.
 *
 * @module
 */

import type { Environment } from "@marcbachmann/cel-js";

/** A URL, taken apart. */
class Url {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(parts: {
    readonly scheme: string;
    readonly host: string;
    readonly path: string;
    readonly query: string;
  }) {
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
  }
}

const form =
  /^(?:([A-Za-z][-+.A-Za-z0-9]*):)?(?:\/\/(?:[^/?@]*@)?(\[[0-9A-Fa-f:.%]+\](?::[0-9]*)?|[^/?#@:\s\[\]\\^`|<>{}"]*(?::[0-9]*)?)(?=[/?]|$))?([^?]*)(?:\?(.*))?$/;

/** The URL in a text, which is absolute or an absolute path; `undefined` if it is none. */
function parseUrl(text: string): Url | undefined {
  // deno-lint-ignore no-control-regex
  if (text === "" || /[\x00-\x1f\x7f]/.test(text)) return undefined;
  const match = form.exec(text);
  if (!match) return undefined;
  const [, scheme = "", host, path = "", query = ""] = match;
  const isRooted = path.startsWith("/");
  if (scheme === "" && !isRooted) return undefined;
  if (host === undefined && path.startsWith("//")) return undefined;
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  // Without a slash, everything after the scheme is opaque.
  return new Url({
    scheme: scheme.toLowerCase(),
    host: host ?? "",
    path: isRooted ? path : "",
    query,
  });
}

function readUrl(text: string): Url {
  const url = parseUrl(text);
  if (!url) throw new RangeError(`URL parse error during conversion from string: ${text}`);
  return url;
}

/** Registers the functions. */
export function registerUrls(environment: Environment): Environment {
  const type = "net.URL";
  return environment
    .registerType(type, Url)
    .registerFunction(`url(string): ${type}`, readUrl)
    .registerFunction("isURL(string): bool", (text: string) => parseUrl(text) !== undefined)
    .registerFunction(`${type}.getScheme(): string`, ({ scheme }: Url) => scheme)
    .registerFunction(`${type}.getHost(): string`, ({ host }: Url) => host)
    .registerFunction(
      `${type}.getHostname(): string`,
      ({ host }: Url) => host.replace(/:[0-9]*$/, "").replace(/^\[(.*)\]$/, "$1"),
    )
    .registerFunction(
      `${type}.getPort(): string`,
      ({ host }: Url) => /:([0-9]*)$/.exec(host.replace(/^\[.*\]/, ""))?.[1] ?? "",
    )
    .registerFunction(`${type}.getEscapedPath(): string`, ({ path }: Url) => escapePath(path))
    .registerFunction(`${type}.getQuery(): map<string, list<string>>`, toQuery)
    .registerOperator(
      `${type} == ${type}`,
      (left: Url, right: Url) => JSON.stringify(left) === JSON.stringify(right),
    );
}

/** What has to be escaped and is not. */
function escapePath(path: string): string {
  return path.replace(/[^-A-Za-z0-9_.~%$&+,/:;=@!'()*\[\]]/gu, encodeURIComponent);
}

function toQuery({ query }: Url): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(query)) (values[key] ??= []).push(value);
  return values;
}
