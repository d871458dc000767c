/**
 * Where a class's keys are, and whose.
 *
 * @module
 */

import type { ProviderEntry } from "../../../schemas/node_class.ts";
import type { AdmissionContext, SecretScope } from "../context/admission_context.ts";
import type { KnownEntry } from "./known_entry.ts";
import { deny, type Violation, warn } from "./violation.ts";

/** Everything that is wrong with references to keys. */
export function checkCredentials(
  entries: readonly ProviderEntry[],
  known: readonly KnownEntry[],
  context: AdmissionContext,
): readonly Violation[] {
  return [
    ...entries.flatMap((entry, index) => checkSecret(entry, `spec.providers[${index}]`, context)),
    ...findTwins(known, context.scope),
  ];
}

function checkSecret(
  entry: ProviderEntry,
  path: string,
  { scope, secret }: AdmissionContext,
): readonly Violation[] {
  const { name, key, namespace = scope.namespace } = entry.credentialsRef;
  if (namespace !== scope.namespace && !scope.allowedNamespaces.includes(namespace)) {
    return [deny(
      `${path}.credentialsRef.namespace`,
      `the controller may not read Secrets in namespace "${namespace}"`,
      `put the Secret into "${scope.namespace}", or have the operator start the controller with ` +
        `--credential-namespaces=${namespace}`,
    )];
  }
  const view = secret(namespace, name);
  if (view === "unknown") return [];
  if (view === "missing") {
    return [warn(
      `${path}.credentialsRef.name`,
      `there is no Secret "${name}" in namespace "${namespace}" yet`,
      "until then, nothing is bought from this account",
    )];
  }
  if (view.keys.includes(key)) return [];
  const choice = [...view.keys].sort().slice(0, 8).join(", ");
  return [warn(
    `${path}.credentialsRef.key`,
    `Secret "${name}" in namespace "${namespace}" has no key "${key}"`,
    choice === "" ? "it has none" : `its keys are ${choice}`,
  )];
}

/** One account under two names would be bought from, counted and limited twice. */
function findTwins(known: readonly KnownEntry[], scope: SecretScope): readonly Violation[] {
  const first = new Map<string, KnownEntry>();
  const violations: Violation[] = [];
  for (const candidate of known) {
    const { name, key, namespace = scope.namespace } = candidate.entry.credentialsRef;
    const reference = `${namespace}/${name}/${key}`;
    const twin = first.get(reference);
    if (twin === undefined) first.set(reference, candidate);
    else violations.push(explainTwin(candidate, twin));
  }
  return violations;
}

function explainTwin({ entry, path, registration }: KnownEntry, twin: KnownEntry): Violation {
  const { displayName } = registration.info;
  const at = `${path}.credentialsRef`;
  if (registration.name === twin.registration.name) {
    return deny(
      at,
      `"${entry.name}" is the same ${displayName} account as "${twin.entry.name}" in ${twin.path}`,
      "list an account once, or give this entry the key of another one",
    );
  }
  return warn(
    at,
    `the key is the same as that of "${twin.entry.name}", which is at ${twin.registration.info.displayName}`,
    "a key belongs to one cloud",
  );
}
