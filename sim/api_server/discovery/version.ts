/**
 * What this server says it is.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";

/** `GET /version`: the release whose semantics are imitated. */
export const serverVersion: JsonObject = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.0",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "box/any",
};
