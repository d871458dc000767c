/**
 * The OS templates of the simulated Paperspace, as they were listed around December 2024, and which
 * machine types each is for.
 *
 * @module
 */

import { type SimMachineType, simMachineTypes, type SimRegion } from "./catalog.ts";

/** A template. */
export interface SimTemplate {
  readonly id: string;
  readonly name: string;
  readonly agentType: "LinuxHeadless" | "LinuxDesktop" | "WindowsDesktop";
  readonly operatingSystemLabel: string;
  readonly defaultSizeGb: number | null;
  /** Smallest disk it can be installed on, in GB. */
  readonly minDiskGb: number;
  /** Labels of the machine types it is for. */
  readonly machineTypes: readonly string[];
  readonly createdAt: string;
}

/** A template made of a machine, bound to a region. */
export interface SimCustomTemplate extends SimTemplate {
  readonly region: SimRegion;
  readonly defaultSizeGb: number;
  readonly parentMachineId: string;
}

type Fits = (type: SimMachineType) => boolean;

const any: Fits = () => true;
const cpuOrGpu: Fits = ({ family }) => family !== "H100";
const gpu: Fits = ({ family }) => family !== "C" && family !== "H100";
const olderGpu: Fits = ({ family }) => ["M", "P", "RTX", "V100", "A"].includes(family);
const label = (...labels: readonly string[]): Fits => (type) => labels.includes(type.label);

type Row = readonly [
  id: string,
  name: string,
  operatingSystemLabel: string,
  defaultSizeGb: number | null,
  fits: Fits,
  createdAt: string,
];

const rows: readonly Row[] = [
  ["t0nspur5", "prod-u22-cpu-241018", "Ubuntu 22.04 Server", null, any, "2022-05-24T18:20:11.000Z"],
  [
    "t17d1a6i",
    "prod-u22-gpu-241021",
    "Ubuntu 22.04 Desktop",
    null,
    gpu,
    "2022-06-02T15:01:44.000Z",
  ],
  [
    "tkni3aa4",
    "prod-u20-cpu-241101",
    "Ubuntu 20.04 Server",
    null,
    cpuOrGpu,
    "2020-06-11T20:12:09.000Z",
  ],
  ["twnlo3zj", "mliab-u20-241101", "Ubuntu 20.04", null, olderGpu, "2021-03-08T17:44:30.000Z"],
  [
    "tqqsxr6b",
    "mliab-u22-241101-1x-a100",
    "Ubuntu 22.04",
    100,
    label("A100-80G", "A100"),
    "2024-11-01T14:00:00.000Z",
  ],
  [
    "tvimtol9",
    "mliab-u22-241101",
    "Ubuntu 22.04",
    100,
    label("A100-80Gx8", "A100x8"),
    "2024-11-01T15:00:00.000Z",
  ],
  [
    "tilqt47t",
    "mliab-u22-241108-1x-h100",
    "Ubuntu 22.04",
    100,
    label("H100"),
    "2024-11-08T16:00:00.000Z",
  ],
  [
    "t7vp562h",
    "mliab-u22-241108-h100",
    "Ubuntu 22.04",
    100,
    label("H100x8"),
    "2024-11-08T17:00:00.000Z",
  ],
  ["t9taj00e", "centos-220817", "CentOS 7 Server", null, cpuOrGpu, "2022-08-17T12:00:00.000Z"],
  ["tk9izniv", "w10-230519", "Windows 10 (Server 2022)", 50, olderGpu, "2023-05-19T12:00:00.000Z"],
];

/** Every OS template, by id. */
export const simTemplates: ReadonlyMap<string, SimTemplate> = new Map(
  rows.map(([id, name, operatingSystemLabel, defaultSizeGb, fits, createdAt]) => [id, {
    id,
    name,
    agentType: toAgentType(operatingSystemLabel),
    operatingSystemLabel,
    defaultSizeGb,
    // ML-in-a-Box is large, whatever its default says.
    minDiskGb: name.startsWith("mliab-") ? 100 : defaultSizeGb ?? 50,
    machineTypes: [...simMachineTypes.values()].filter(fits).map((type) => type.label),
    createdAt,
  }]),
);

function toAgentType(operatingSystemLabel: string): SimTemplate["agentType"] {
  if (operatingSystemLabel.startsWith("Windows")) return "WindowsDesktop";
  return operatingSystemLabel.endsWith("Desktop") ? "LinuxDesktop" : "LinuxHeadless";
}
