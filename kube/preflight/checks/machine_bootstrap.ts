/**
 * How each class's machines are told to join: where, whom to trust, in which version.
 *
 * @module
 */

import { KubeError } from "../../kube.ts";
import { configMaps } from "../../resource.ts";
import type { ClassFacts } from "../class_facts.ts";
import { command, type Finding, findingsOf } from "../finding.ts";
import type { PreflightCheck, PreflightContext } from "../preflight_check.ts";
import type { EndpointAnswer } from "../probe_endpoint.ts";
import { findVersionSkew } from "../version_skew.ts";
import { readServerVersion } from "./api_server.ts";
import { isWorthProbing, judgeCertificate, judgeEndpoint, parseEndpoint } from "./endpoint.ts";
import { judgeMachineCa, selectMachineCa } from "./machine_ca.ts";

/** See the module. */
export const machineBootstrapCheck: PreflightCheck = {
  names: ["endpoint", "certificate", "ca", "kubelet-version"],
  reads: ({ isController }) =>
    isController ? [] : [{ verb: "list", group: "tgp.io", resource: "gpunodeclasses" }],
  async run(context, signal) {
    const classes = await context.classes();
    if (classes.length === 0) {
      return [
        findingsOf("endpoint").warn(
          "there is no GPUNodeClass: nothing can be bought",
          "See manifests/examples/ for one.",
        ),
      ];
    }
    const [clusterPem, serverVersion] = await Promise.all([
      readClusterCa(context, signal),
      readServerVersion(context.kube, signal),
    ]);
    const found = await Promise.all(
      classes.map((one) => lookAt(one, { clusterPem, serverVersion }, context, signal)),
    );
    return found.flat();
  },
};

/** What is the same for all classes. */
interface ClusterFacts {
  readonly clusterPem: string | undefined;
  readonly serverVersion: string;
}

async function lookAt(
  { name, apiServerEndpoint, caBundle, kubernetesVersion }: ClassFacts,
  { clusterPem, serverVersion }: ClusterFacts,
  context: PreflightContext,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const about = (check: string) => findingsOf(check, name);
  if (apiServerEndpoint === undefined) {
    return [about("endpoint").ok("joins no machines by kubeadm")];
  }
  const now = context.clock.now();
  const caPem = selectMachineCa({ caBundle, clusterPem });
  const answer = await probe(apiServerEndpoint, caPem, context, signal);
  const { isController } = context;
  const facts = { text: apiServerEndpoint, className: name, answer, isController };
  const findings = [judgeEndpoint(about("endpoint"), facts)];
  // Without a CA nobody can tell whether machines would trust it.
  if (answer?.kind === "answered" && caPem !== undefined) {
    findings.push(judgeCertificate(about("certificate"), apiServerEndpoint, answer, now));
  }
  findings.push(judgeMachineCa(about("ca"), { caBundle, clusterPem, now }));
  if (kubernetesVersion !== undefined) {
    findings.push(judgeKubeletVersion(name, kubernetesVersion, serverVersion));
  }
  return findings;
}

/** Judges the version that machines are told to install. */
export function judgeKubeletVersion(
  className: string,
  kubernetesVersion: string,
  serverVersion: string,
): Finding {
  const { ok, fail } = findingsOf("kubelet-version", className);
  const skew = findVersionSkew(`v${kubernetesVersion}`, serverVersion);
  return skew === undefined ? ok(`${kubernetesVersion} with an API server ${serverVersion}`) : fail(
    skew,
    command(`kubectl edit gpunodeclass ${className}   # spec.bootstrap.kubeadm.kubernetesVersion`),
  );
}

async function probe(
  text: string,
  caPem: string | undefined,
  { probeEndpoint }: PreflightContext,
  signal: AbortSignal,
): Promise<EndpointAnswer | undefined> {
  const endpoint = parseEndpoint(text);
  if (probeEndpoint === undefined || endpoint === undefined || !isWorthProbing(endpoint)) {
    return undefined;
  }
  return await probeEndpoint({ ...endpoint, caPem }, signal);
}

/** What the controller trusts: its own bundle, or what Kubernetes gives every Pod (ConfigMap `kube-root-ca.crt`). */
async function readClusterCa(
  { kube, namespace, ownCaPem, isController }: PreflightContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (ownCaPem !== undefined || isController) return ownCaPem;
  try {
    const map = await kube.get(configMaps, { namespace, name: "kube-root-ca.crt" }, { signal });
    return map.data?.["ca.crt"];
  } catch (error) {
    if (error instanceof KubeError && (error.code === 403 || error.code === 404)) return undefined;
    throw error;
  }
}
