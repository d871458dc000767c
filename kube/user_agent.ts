/**
 * How requests introduce themselves.
 *
 * @module
 */

/**
 * The `User-Agent` of a component, in client-go's form. Audit logs show it, and the API server takes
 * what precedes the slash as field manager where none is given.
 *
 * @param component For example `tgp-controller`.
 */
export function toUserAgent(component: string, version: string): string {
  return `${component}/${version} (${Deno.build.os}/${Deno.build.arch}) deno/${Deno.version.deno}`;
}
