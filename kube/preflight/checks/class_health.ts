/**
 * What the controller says of each class: its keys, its clouds, its offers.
 *
 * @module
 */

import type { ClassFacts } from "../class_facts.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck } from "../preflight_check.ts";

/** The controller writes at least every ten minutes that it has looked; three times as long is too long. */
const staleMs = 30 * 60_000;

/** See the module. */
export const classHealthCheck: PreflightCheck = {
  names: ["keys", "catalog"],
  reads: () => [{ verb: "list", group: "tgp.io", resource: "gpunodeclasses" }],
  async run(context) {
    const classes = await context.classes();
    const now = context.clock.now();
    return [
      ...classes.map((one) => judgeKeys(one)),
      ...classes.map((one) => judgeCatalog(one, now)),
    ];
  },
};

/** Judges keys and whether their clouds answer. */
export function judgeKeys({ name, conditions }: ClassFacts): Finding {
  const { ok, warn, fail, unknown } = findingsOf("keys", name);
  const prove = ["Prove them:", command(`kubectl tgp providers check ${name}`)] as const;
  const resolved = conditions.get("CredentialsResolved");
  const reachable = conditions.get("ProvidersReachable");
  if (resolved === undefined) return unknown("the controller has not looked at it yet", ...prove);
  if (resolved.status === "False") return fail(resolved.message, ...prove);
  if (reachable?.status === "False") return warn(reachable.message, ...prove);
  return resolved.status === "True"
    ? ok("found; prove them with: kubectl tgp providers check")
    : unknown(resolved.message, ...prove);
}

/** Judges how old the offers are. @param now Epoch milliseconds. */
export function judgeCatalog(
  { name, conditions, lastCheckedTime }: ClassFacts,
  now: number,
): Finding {
  const { ok, warn, unknown } = findingsOf("catalog", name);
  const fresh = conditions.get("CatalogFresh");
  const look = [command(`kubectl describe gpunodeclass ${name}`)] as const;
  if (fresh === undefined) return unknown("the controller has not looked at it yet");
  if (fresh.status === "False") return warn(fresh.message, ...look);
  const ageMs = now - Date.parse(lastCheckedTime ?? "");
  if (ageMs > staleMs) {
    return warn(
      `the controller looked at it ${Math.floor(ageMs / 60_000)} minutes ago`,
      "It should do so every 10 minutes: look at the line of the controller above.",
    );
  }
  return fresh.status === "True" ? ok(fresh.message || "fresh") : unknown(fresh.message, ...look);
}
