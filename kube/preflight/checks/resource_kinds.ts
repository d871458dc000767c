/**
 * Whether the cluster serves our kinds, in the version that this program knows.
 *
 * @module
 */

import type { KubernetesObject } from "../../../schemas/kubernetes.ts";
import { apiGroup } from "../../../schemas/labels.ts";
import { Fields } from "../../fields.ts";
import { isNotFound, KubeError } from "../../kube.ts";
import type { ResourceType } from "../../resource.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";

const version = "v1";
const plurals = ["gpunodeclasses", "gpunodepools", "gpunodeclaims"] as const;
const install = [
  "Install this version of TGP:",
  command("kubectl apply -k manifests/"),
] as const;

/** What is looked at of a CustomResourceDefinition. */
export interface KindFacts {
  readonly plural: string;
  readonly established: boolean;
  /** Versions that objects may be stored in. */
  readonly storedVersions: readonly string[];
  /** Version of TGP that it was installed with, where it says. */
  readonly installedBy: string | undefined;
}

/** See the module. */
export const resourceKindsCheck: PreflightCheck = {
  names: ["crds"],
  // Discovery is for everybody who is logged in; the definitions themselves are extra.
  reads: () => [],
  async run(context, signal) {
    const served = await readServed(context, signal);
    return [judgeServed(served) ?? judgeKinds(await readKinds(context, signal), context.version)];
  },
};

/** What is served of our group; `undefined` if it is not known at all. */
export interface ServedKinds {
  /** Versions of the group. */
  readonly versions: readonly string[];
  /** Resources of the version that this program knows, subresources included. */
  readonly resources: readonly string[];
}

/** Judges discovery; `undefined` if nothing is wrong. */
export function judgeServed(served: ServedKinds | undefined): Finding | undefined {
  const { fail } = findingsOf("crds");
  if (served === undefined) return fail("the cluster does not know TGP's kinds", ...install);
  if (!served.versions.includes(version)) {
    return fail(
      `the cluster serves ${apiGroup}/${served.versions.join(", ")}, this program knows ${version}`,
      "Use the plugin and the controller of the version that is installed, or:",
      ...install,
    );
  }
  const missing = plurals.flatMap((plural) => [plural, `${plural}/status`])
    .filter((resource) => !served.resources.includes(resource));
  if (missing.length === 0) return undefined;
  return fail(`the cluster does not serve ${missing.join(", ")}`, ...install);
}

/** Judges definitions; none at all if they could not be read. */
export function judgeKinds(kinds: readonly KindFacts[], ownVersion: string): Finding {
  const { ok, fail, warn } = findingsOf("crds");
  const broken = kinds.filter(({ established }) => !established).map(({ plural }) => plural);
  if (broken.length > 0) {
    return fail(
      `not established: ${broken.join(", ")}`,
      command(`kubectl describe crd ${broken.map((plural) => `${plural}.${apiGroup}`).join(" ")}`),
    );
  }
  const foreign = kinds.filter(({ storedVersions }) =>
    storedVersions.some((stored) => stored !== version)
  );
  if (foreign.length > 0) {
    return warn(
      `objects may be stored in other versions than ${version}: ${
        foreign.map(({ plural, storedVersions }) => `${plural} (${storedVersions.join(", ")})`)
          .join(", ")
      }`,
      "Use the plugin and the controller of the newest version that was ever installed.",
    );
  }
  const others = new Set(
    kinds.flatMap(({ installedBy }) =>
      installedBy === undefined || installedBy === ownVersion ? [] : [installedBy]
    ),
  );
  if (others.size > 0) {
    return warn(
      `installed by version ${[...others].join(", ")}, this program is ${ownVersion}`,
      ...install,
    );
  }
  return ok(`${plurals.length} kinds, ${apiGroup}/${version}`);
}

async function readServed(
  { kube }: PreflightContext,
  signal: AbortSignal,
): Promise<ServedKinds | undefined> {
  try {
    const group = new Fields(await kube.getRaw(`/apis/${apiGroup}`, signal));
    const versions = group.fieldsList("versions").flatMap((one) => one.string("version") ?? []);
    if (!versions.includes(version)) return { versions, resources: [] };
    const list = new Fields(await kube.getRaw(`/apis/${apiGroup}/${version}`, signal));
    const resources = list.fieldsList("resources").flatMap((one) => one.string("name") ?? []);
    return { versions, resources };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Definitions that the user may not read are not missed: what matters is what is served. */
async function readKinds(
  { kube, isController }: PreflightContext,
  signal: AbortSignal,
): Promise<readonly KindFacts[]> {
  if (isController) return [];
  try {
    return await Promise.all(
      plurals.map((plural) => kube.get(kindFacts, { name: `${plural}.${apiGroup}` }, { signal })),
    );
  } catch (error) {
    if (error instanceof KubeError) return [];
    throw error;
  }
}

const kindFacts: ResourceType<KubernetesObject & KindFacts> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
  parse(raw) {
    const object = new Fields(raw);
    const metadata = object.fields("metadata");
    const status = object.fields("status");
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: metadata.requiredString("name") },
      plural: object.fields("spec").fields("names").requiredString("plural"),
      established: status.fieldsList("conditions").some((one) =>
        one.string("type") === "Established" && one.string("status") === "True"
      ),
      storedVersions: status.strings("storedVersions"),
      installedBy: metadata.fields("labels").string("app.kubernetes.io/version"),
    };
  },
};
