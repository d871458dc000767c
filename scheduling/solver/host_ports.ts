/**
 * Ports of the node that pods occupy.
 *
 * @module
 */

import type { Pod } from "../../schemas/kubernetes.ts";

/** One occupied port. */
export interface HostPort {
  /** `0.0.0.0` for all addresses. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

const everyAddress = "0.0.0.0";

/** The host ports of a pod's containers, sidecars included. */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) =>
    restartPolicy === "Always"
  );
  return [...pod.spec.containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ ip: hostIP || everyAddress, port: hostPort, protocol: protocol ?? "TCP" }] : []
    )
  );
}

/** Whether any wanted port is taken. */
export function collides(wanted: readonly HostPort[], taken: readonly HostPort[]): boolean {
  return wanted.some((port) =>
    taken.some((other) =>
      port.port === other.port && port.protocol === other.protocol &&
      (port.ip === other.ip || port.ip === everyAddress || other.ip === everyAddress)
    )
  );
}
