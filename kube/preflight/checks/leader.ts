/**
 * Whether a controller works.
 *
 * @module
 */

import type { KubernetesObject, Lease } from "../../../schemas/kubernetes.ts";
import { Fields } from "../../fields.ts";
import { isNotFound, KubeError } from "../../kube.ts";
import { leases, type ResourceType } from "../../resource.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import { judgeLeader, leaderLeaseName } from "../judge_leader.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";

/** The controller's Deployment. */
export interface DeploymentFacts {
  readonly wanted: number;
  readonly available: number;
  /** Of the controller's container. */
  readonly image: string;
}

/** What is looked at. */
export interface LeaderFacts {
  readonly lease: Lease | undefined;
  /** `undefined` if there is none, as where the controller runs outside the cluster, or it may not be read. */
  readonly deployment: DeploymentFacts | undefined;
  /** The API server's time, in epoch milliseconds. */
  readonly now: number;
  readonly namespace: string;
  /** Of this program. */
  readonly version: string;
}

const deploymentName = "tgp-controller";

/** A clock that is further ahead than this makes tokens and time limits wrong, in milliseconds. */
const toleratedAheadMs = 5_000;

/** See the module. */
export const leaderCheck: PreflightCheck = {
  names: ["controller"],
  reads: ({ namespace }) => [
    {
      verb: "get",
      group: "coordination.k8s.io",
      resource: "leases",
      namespace,
      name: leaderLeaseName,
    },
  ],
  async run(context, signal) {
    const { clock, namespace, version } = context;
    const [lease, deployment] = await Promise.all([
      findLease(context, signal),
      findDeployment(context, signal),
    ]);
    return [judgeController({ lease, deployment, now: clock.now(), namespace, version })];
  },
};

/** Judges it. */
export function judgeController(facts: LeaderFacts): Finding {
  const { lease, deployment, now, namespace, version } = facts;
  const { ok, warn, fail } = findingsOf("controller");
  const look = [
    "Look what has become of it:",
    command(`kubectl -n ${namespace} get pods`),
    command(`kubectl -n ${namespace} logs deployment/${deploymentName}`),
  ] as const;
  const leader = judgeLeader(lease, now);
  switch (leader.kind) {
    case "none":
      return fail("none has ever worked here", ...deployment ? look : installHints);
    case "released":
      return fail("the last one has stopped, and none has taken over", ...look);
    case "silent":
      return fail(
        `"${leader.holder}" was last heard of ${
          Math.floor(leader.silentMs / 1_000)
        }s ago, and none has taken over`,
        ...look,
      );
    case "leads":
      break;
  }
  const aheadMs = Date.parse(lease?.spec?.renewTime ?? "") - now;
  if (aheadMs > toleratedAheadMs) {
    return fail(
      `its clock is ${
        Math.floor(aheadMs / 1_000)
      }s ahead of the API server's: tokens and time limits are wrong`,
      "Set the clock of its node, for example with chrony or systemd-timesyncd.",
    );
  }
  if (deployment === undefined) return ok(`"${leader.holder}" leads`);
  const { wanted, available, image } = deployment;
  if (available < wanted) {
    return warn(
      `"${leader.holder}" leads, but only ${available} of ${wanted} replicas run`,
      ...look,
    );
  }
  const tag = /:v?(\d+\.\d+\.\d+[^@]*)(@|$)/.exec(image)?.[1];
  if (tag !== undefined && tag !== version) {
    return warn(
      `its image is of version ${tag}, this program is ${version}`,
      "Use the plugin and the controller of one version.",
    );
  }
  return ok(`"${leader.holder}" leads, ${available} of ${wanted} replicas run`);
}

const installHints = [
  "Install TGP, or start the controller outside the cluster:",
  command("kubectl apply -k manifests/"),
] as const;

async function findLease(
  { kube, namespace }: PreflightContext,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  try {
    return await kube.get(leases, { name: leaderLeaseName, namespace }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function findDeployment(
  { kube, namespace }: PreflightContext,
  signal: AbortSignal,
): Promise<DeploymentFacts | undefined> {
  try {
    return await kube.get(deployments, { name: deploymentName, namespace }, { signal });
  } catch (error) {
    if (error instanceof KubeError && (error.code === 404 || error.code === 403)) return undefined;
    throw error;
  }
}

const deployments: ResourceType<KubernetesObject & DeploymentFacts> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
  parse(raw) {
    const object = new Fields(raw);
    const spec = object.fields("spec");
    const wanted = spec.raw("replicas");
    const available = object.fields("status").raw("availableReplicas");
    const [container] = spec.fields("template").fields("spec").fieldsList("containers");
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: object.fields("metadata").requiredString("name") },
      wanted: typeof wanted === "number" ? wanted : 1,
      available: typeof available === "number" ? available : 0,
      image: container?.string("image") ?? "",
    };
  },
};
