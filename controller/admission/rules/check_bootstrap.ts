/**
 * How a class's machines join: needed, readable, reachable, and small enough for every cloud listed.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  isCertificateBundle,
  oldestMinor,
  renderUserData,
  UserDataError,
} from "../../bootstrap/user_data.ts";
import { findUnreachable } from "../../../kube/preflight/unreachable_host.ts";
import type { GPUNodeClass, KubeadmBootstrap } from "../../../schemas/node_class.ts";
import type { KnownEntry } from "./known_entry.ts";
import { deny, type Violation, warn } from "./violation.ts";

/** A bundle of one or two certificates, in base64, fits everywhere. */
const unquestionedLength = 4_096;

/** Everything that is wrong with how machines join. */
export function checkBootstrap(
  { spec }: GPUNodeClass,
  known: readonly KnownEntry[],
): readonly Violation[] {
  const renting = known.filter(({ registration }) => registration.info.joinsAs === "node");
  const kubeadm = spec.bootstrap?.kubeadm;
  if (kubeadm !== undefined) {
    return [...checkEndpoint(kubeadm), ...checkUserData(kubeadm, renting)];
  }
  if (renting.length === 0) return [];
  const names = renting.map(({ entry }) => `"${entry.name}"`).join(", ");
  return [deny(
    "spec.bootstrap",
    `required: machines of ${names} must be told how to join the cluster`,
    "set bootstrap.kubeadm",
  )];
}

function checkEndpoint({ apiServerEndpoint }: KubeadmBootstrap): readonly Violation[] {
  const path = "spec.bootstrap.kubeadm.apiServerEndpoint";
  const host = apiServerEndpoint.slice(0, apiServerEndpoint.lastIndexOf(":"));
  const why = findUnreachable(host)?.why;
  return why === undefined ? [] : [warn(
    path,
    `${host} ${why}, so rented machines cannot reach it`,
    "write an address of the API server that is reachable from the internet",
  )];
}

/** What the machine's user data is refused for once a claim is about to order: better told now. */
function checkUserData(
  kubeadm: KubeadmBootstrap,
  renting: readonly KnownEntry[],
): readonly Violation[] {
  const { kubernetesVersion, caBundle } = kubeadm;
  const path = "spec.bootstrap.kubeadm";
  const violations: Violation[] = [];
  if (Number(kubernetesVersion.split(".")[1]) < oldestMinor) {
    violations.push(deny(
      `${path}.kubernetesVersion`,
      `${kubernetesVersion} is too old to join by kubeadm`,
      `write 1.${oldestMinor}.0 or newer, the version of your control plane`,
    ));
  }
  if (caBundle === undefined) return violations;
  if (!isCertificateBundle(Buffer.from(caBundle, "base64").toString())) {
    violations.push(deny(
      `${path}.caBundle`,
      "holds no PEM certificates",
      "copy certificate-authority-data from a kubeconfig as it is",
    ));
  } else if (caBundle.length > unquestionedLength && violations.length === 0) {
    violations.push(...checkSize({ ...kubeadm, caBundle }, renting));
  }
  return violations;
}

/** Renders what the largest of usual machines gets, for each cloud. */
function checkSize(
  kubeadm: KubeadmBootstrap & { readonly caBundle: string },
  renting: readonly KnownEntry[],
): readonly Violation[] {
  return renting.flatMap(({ entry, registration: { info } }) => {
    try {
      renderUserData({
        nodeName: "n".repeat(63),
        token: `${"i".repeat(6)}.${"s".repeat(16)}`,
        kubeadm,
        labels: {},
        taints: [],
        format: info.userDataFormat,
        maxBytes: info.maxUserDataBytes,
      });
      return [];
    } catch (error) {
      if (!(error instanceof UserDataError)) throw error;
      if (error.field !== "size") return [deny(`spec.bootstrap.${error.field}`, error.message)];
      return [deny(
        "spec.bootstrap.kubeadm.caBundle",
        `too long for "${entry.name}": ${info.displayName} takes ${info.maxUserDataBytes} bytes in all`,
        "keep only the certificate of the cluster's CA",
      )];
    }
  });
}
