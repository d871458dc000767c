/**
 * Where a pod's ports can be reached once they are mapped.
 *
 * @module
 */

import { lastRun, type Pod } from "./pod.ts";

/** A mapped port. */
export interface MappedPort {
  readonly privatePort: number;
  readonly publicPort: number;
  readonly type: string;
  readonly ip: string;
  /** HTTP is reached through a proxy by the pod's id, at a private address. */
  readonly isIpPublic: boolean;
}

/**
 * The ports that are mapped at a moment; public ones change with each start. Halfway through the mapping
 * all are there but the last.
 */
export function mappedPortsAt(pod: Pod, now: number): MappedPort[] {
  const { containerAt, portsAt, firstPort } = lastRun(pod);
  if (containerAt === undefined || portsAt === undefined) return [];
  if (now < (containerAt + portsAt) / 2) return [];
  const { ports } = pod.order;
  return ports.slice(0, now < portsAt ? -1 : ports.length).map((port, index) => {
    const [number = "", type = ""] = port.split("/");
    const isIpPublic = type === "tcp";
    return {
      privatePort: Number(number),
      publicPort: firstPort + index,
      type,
      ip: isIpPublic ? pod.publicIp : pod.privateIp,
      isIpPublic,
    };
  });
}
