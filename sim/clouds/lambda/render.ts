/**
 * The simulated Lambda's answers on the wire.
 *
 * @module
 */

import type { components } from "../../../generated/lambda.d.ts";
import { simRegions } from "./catalog.ts";
import { type Machine, type MachineState, stateAt } from "./machine.ts";

type Schemas = components["schemas"];

const blocked: Partial<Record<MachineState, readonly [code: string, description: string]>> = {
  booting: ["vm-has-not-launched", "The instance has not finished launching."],
  terminating: ["vm-is-terminating", "The instance is being terminated."],
  terminated: ["vm-is-terminating", "The instance is being terminated."],
  preempted: ["vm-is-terminating", "The instance is being terminated."],
};

/** A region. */
export function renderRegion(name: string): Schemas["Region"] {
  return { name, description: simRegions.get(name) ?? name };
}

/**
 * A machine. Fields without a value are left out, as the vendor does; user data is never shown.
 *
 * @param endableWhileBooting Whether `actions.terminate` is available during the boot.
 */
export function renderInstance(
  machine: Machine,
  now: number,
  endableWhileBooting: boolean,
): Schemas["Instance"] {
  const status = stateAt(machine, now);
  const reachable = now >= machine.addressAt;
  const running = status === "active" || status === "unhealthy";
  return {
    id: machine.id,
    status,
    ssh_key_names: [...machine.sshKeyNames],
    file_system_names: [...machine.filesystemNames],
    region: renderRegion(machine.region),
    instance_type: machine.type,
    actions: renderActions(status, endableWhileBooting),
    ...(machine.name !== undefined && { name: machine.name }),
    ...(reachable && { ip: machine.ip, private_ip: machine.privateIp }),
    ...(machine.hostname !== undefined && { hostname: machine.hostname }),
    ...(running && {
      jupyter_token: machine.jupyterToken,
      jupyter_url: `https://jupyter.example.net/?token=${machine.jupyterToken}`,
    }),
    ...(machine.tags !== undefined && { tags: machine.tags.map((tag) => ({ ...tag })) }),
  };
}

function renderActions(status: MachineState, endableWhileBooting: boolean): Schemas["Actions"] {
  const reason = blocked[status];
  const action: Schemas["ActionAvailability"] = reason === undefined
    ? { available: true }
    : { available: false, reason_code: reason[0], reason_description: reason[1] };
  const endable = status === "booting" && endableWhileBooting;
  return {
    migrate: action,
    rebuild: action,
    restart: action,
    cold_reboot: action,
    terminate: endable ? { available: true } : action,
  };
}
