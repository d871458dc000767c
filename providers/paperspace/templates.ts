/**
 * Which template a machine boots, and which disk it needs.
 *
 * The vendor's templates name the machine types they are for. They are chosen by what they say of
 * themselves, since ids are disabled in time and new ones appear (one client had to change its ids in May
 * 2024).
 *
 * @module
 */

import type { PaperspaceOptions } from "../../schemas/clouds/paperspace.ts";
import type { MachineType } from "./machine_types.ts";
import { type DiskGb, findDiskSize } from "./prices.ts";
import type { WireCustomTemplate, WireOsTemplate } from "./wire.ts";

/** A disk that holds a GPU machine's software and some images; smaller ones are sold, hardly cheaper. */
export const defaultDiskGb: DiskGb = 100;

/** What a machine type boots. */
export interface Boot {
  readonly templateId: string;
  readonly diskGb: DiskGb;
  /** Whether the vendor says that its template is available on the type now. */
  readonly available: boolean;
}

/** What of a machine type matters: with GPUs it needs a driver, which some images bring. */
export type BootedType = Pick<MachineType, "label" | "gpuCount">;

/** The templates that an account may boot. */
export interface TemplateChoice {
  /** Those of the vendor. */
  readonly templates: readonly WireOsTemplate[];
  /** The one that the account's block names; no other is booted then. */
  readonly fixed: WireOsTemplate | WireCustomTemplate | undefined;
}

/** Machine types that templates name, each once. With a fixed template, those that it names. */
export function listLabels({ templates, fixed }: TemplateChoice): readonly string[] {
  const named = (fixed === undefined ? templates : [fixed])
    .flatMap((template) => template.availableMachineTypes)
    .map(({ machineTypeLabel }) => machineTypeLabel);
  return [...new Set(named)].sort();
}

/** What a machine type boots. @returns That, or in words why nothing fits. */
export function selectBoot(
  type: BootedType,
  { templates, fixed }: TemplateChoice,
  { diskSizeGb = defaultDiskGb }: PaperspaceOptions,
): Boot | { readonly problem: string } {
  const { label } = type;
  const template = fixed ?? selectTemplate(type, templates);
  const entry = template && findEntry(label, template);
  if (template === undefined || entry === undefined) {
    return {
      problem: fixed === undefined
        ? `no Ubuntu 22.04 template is for machine type "${label}": set paperspace.templateID`
        : `template "${fixed.id}" is not for machine type "${label}": change paperspace.templateID`,
    };
  }
  const leastGb = Math.max(diskSizeGb, template.defaultSizeGb ?? 0, findLeastDisk(template));
  const diskGb = findDiskSize(leastGb);
  return diskGb === undefined
    ? { problem: `no disk of ${leastGb} GB is sold, which template "${template.id}" needs` }
    : { templateId: template.id, diskGb, available: entry.isAvailable };
}

/** ML-in-a-Box needs 100 GB, though not all of its templates say so. */
function findLeastDisk({ name }: Pick<WireOsTemplate, "name">): number {
  return name.startsWith("mliab-") ? 100 : 0;
}

/**
 * The best of the vendor's templates for a machine type: a server's Ubuntu 22.04 (the only one that H100
 * takes); with GPUs ML-in-a-Box, which brings the driver, else another image for GPUs, be it a desktop;
 * of equals the newest.
 */
function selectTemplate(
  { label, gpuCount }: BootedType,
  templates: readonly WireOsTemplate[],
): WireOsTemplate | undefined {
  const fitting = templates.filter((template) =>
    (template.agentType === "LinuxHeadless" || (gpuCount > 0 && isDriverDesktop(template))) &&
    /^Ubuntu 22\.04\b/.test(template.operatingSystemLabel) &&
    findEntry(label, template) !== undefined
  );
  const [best] = fitting.sort((left, right) =>
    (gpuCount > 0 ? rank(right.name) - rank(left.name) : 0) ||
    (right.dtCreated ?? 0) - (left.dtCreated ?? 0) ||
    (left.id < right.id ? -1 : 1)
  );
  return best;
}

/** A desktop that brings the GPU driver: of more use than a server's image that does not. */
function isDriverDesktop({ agentType, name }: WireOsTemplate): boolean {
  return agentType === "LinuxDesktop" && rank(name) > 0;
}

/** By the name, which is all that tells the purpose: `mliab-u22-241101`, `prod-u22-gpu-241021`. */
function rank(name: string): number {
  if (name.startsWith("mliab-u22")) return 2;
  return /-gpu\b/.test(name) ? 1 : 0;
}

function findEntry(
  label: string,
  template: Pick<WireOsTemplate, "availableMachineTypes">,
): WireOsTemplate["availableMachineTypes"][number] | undefined {
  return template.availableMachineTypes.find(({ machineTypeLabel }) => machineTypeLabel === label);
}
