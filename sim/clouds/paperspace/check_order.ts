/**
 * Whether a machine that is asked for could exist: rules between fields that no schema states.
 *
 * @module
 */

import { simDiskPrices, type SimMachineType, type SimRegion } from "./catalog.ts";
import { Refusal, simTexts } from "./errors.ts";
import { type CreateMachineInput, parseRegion } from "./inputs.ts";
import type { SimCustomTemplate, SimTemplate } from "./templates.ts";

/** What the vendor knows that an order may refer to. */
export interface OrderContext {
  type(label: string): SimMachineType | undefined;
  template(id: string): SimTemplate | SimCustomTemplate | undefined;
}

/** An order that makes sense. */
export interface MachineOrder {
  readonly input: CreateMachineInput;
  readonly type: SimMachineType;
  readonly template: SimTemplate;
  readonly region: SimRegion;
}

/** Checks an order. @throws {Refusal} 400 or 404, in words of ours: the vendor's are not known. */
export function checkOrder(input: CreateMachineInput, context: OrderContext): MachineOrder {
  const region = parseRegion(input.region);
  const template = context.template(input.templateId);
  if (template === undefined) throw new Refusal("NOT_FOUND", "Template not found");
  if (template.agentType === "WindowsDesktop") throw new Refusal("NOT_FOUND", simTexts.retired);
  if ("region" in template && template.region !== region) {
    throw invalid("Template is not in the region of the machine");
  }
  const type = context.type(input.machineType);
  if (type === undefined || !template.machineTypes.includes(type.label)) {
    throw invalid(`Machine type ${input.machineType} is not available for this template`);
  }
  if (!type.regions.includes(region)) {
    throw invalid(`Machine type ${type.label} is not available in this region`);
  }
  if (input.enableNvlink === true && !type.nvlink) {
    throw invalid(`Machine type ${type.label} does not support NVLink`);
  }
  checkDisk(input.diskSize, template.minDiskGb);
  checkSettings(input);
  return { input, type, template, region };
}

/** Checks a disk's size in GB. @throws {Refusal} 400. */
export function checkDisk(sizeGb: number, minGb: number): void {
  if (!simDiskPrices.has(sizeGb)) throw invalid(`Invalid disk size: ${sizeGb}`);
  if (sizeGb < minGb) throw invalid(`Disk size must be at least ${minGb} GB`);
}

/** Checks settings that need each other. @throws {Refusal} 400. */
export function checkSettings(
  input: Pick<
    CreateMachineInput,
    | "autoShutdownEnabled"
    | "autoShutdownTimeout"
    | "autoSnapshotEnabled"
    | "autoSnapshotFrequency"
    | "autoSnapshotSaveCount"
  >,
): void {
  const { autoShutdownTimeout, autoSnapshotFrequency, autoSnapshotSaveCount } = input;
  if (input.autoShutdownEnabled === true && autoShutdownTimeout === undefined) {
    throw invalid("autoShutdownTimeout is required when autoShutdownEnabled is true");
  }
  // One hour to one week.
  if (autoShutdownTimeout !== undefined && (autoShutdownTimeout < 1 || autoShutdownTimeout > 168)) {
    throw invalid("autoShutdownTimeout must be between 1 and 168 hours");
  }
  if (input.autoSnapshotEnabled !== true) return;
  if (autoSnapshotFrequency === undefined || autoSnapshotSaveCount === undefined) {
    throw invalid(
      "autoSnapshotFrequency and autoSnapshotSaveCount are required when autoSnapshotEnabled is true",
    );
  }
}

function invalid(message: string): Refusal {
  return new Refusal("BAD_REQUEST", message);
}
