import assert from "node:assert/strict";
import {
  listLabels,
  selectBoot,
  type TemplateChoice,
} from "../../../providers/paperspace/templates.ts";
import type { WireOsTemplate } from "../../../providers/paperspace/wire.ts";

function template(
  change: Partial<WireOsTemplate> & { readonly labels?: string[] },
): WireOsTemplate {
  const { labels = ["A4000"], ...rest } = change;
  return {
    id: "t0000001",
    name: "prod-u22-cpu-241018",
    agentType: "LinuxHeadless",
    operatingSystemLabel: "Ubuntu 22.04 Server",
    defaultSizeGb: undefined,
    availableMachineTypes: labels.map((machineTypeLabel) => ({
      machineTypeLabel,
      isAvailable: true,
    })),
    dtCreated: 1,
    ...rest,
  };
}

const choose = (...templates: WireOsTemplate[]): TemplateChoice => ({
  templates,
  fixed: undefined,
});

const idOf = (choice: TemplateChoice, label = "A4000", hasGpu = true) => {
  const boot = selectBoot({ label, gpuCount: hasGpu ? 1 : 0 }, choice, {});
  return "problem" in boot ? undefined : boot.templateId;
};

const a4000 = { label: "A4000", gpuCount: 1 };
const cpu = template({ id: "cpu" });
const gpu = template({ id: "gpu", name: "prod-u22-gpu-241021" });
const old = template({ id: "old", name: "mliab-u22-241101", dtCreated: 5 });
const young = template({ id: "young", name: "mliab-u22-241108", dtCreated: 6 });

Deno.test("selectBoot() prefers the newest ML-in-a-Box, then images for GPUs", () => {
  assert.equal(idOf(choose(cpu, gpu, old, young)), "young");
  assert.equal(idOf(choose(young, old, gpu, cpu)), "young");
  assert.equal(idOf(choose(template({ ...cpu, dtCreated: 99 }), gpu)), "gpu");
  assert.equal(idOf(choose(cpu)), "cpu");
});

Deno.test("selectBoot() takes a desktop that brings the driver before a server that does not", () => {
  const desktop = template({ ...gpu, agentType: "LinuxDesktop" });
  assert.equal(idOf(choose(template({ ...cpu, dtCreated: 99 }), desktop)), "gpu");
  assert.equal(idOf(choose(desktop, young)), "young");
  assert.equal(idOf(choose(cpu, desktop), "A4000", false), "cpu");
});

Deno.test("selectBoot() takes just the newest for machines without GPUs", () => {
  const choice = choose(template({ ...cpu, dtCreated: 9 }), old);
  assert.equal(idOf(choice, "A4000", false), "cpu");
});

Deno.test("selectBoot() passes over what is not a server's Ubuntu 22.04 for that very type", () => {
  const cases: Partial<WireOsTemplate>[] = [
    { agentType: "WindowsDesktop" },
    { agentType: "LinuxDesktop", name: "prod-u22-desktop-241021" },
    { operatingSystemLabel: "Ubuntu 20.04" },
    { operatingSystemLabel: "Ubuntu 22.041" },
    { operatingSystemLabel: "Debian 12" },
    { availableMachineTypes: [{ machineTypeLabel: "A4000x2", isAvailable: true }] },
    { availableMachineTypes: [] },
  ];
  for (const change of cases) {
    const boot = selectBoot(a4000, choose(template({ ...young, ...change })), {});
    assert.ok("problem" in boot, JSON.stringify(change));
    assert.match(boot.problem, /no Ubuntu 22\.04 template is for machine type "A4000"/);
    assert.match(boot.problem, /set paperspace\.templateID/);
  }
});

Deno.test("selectBoot() boots a template that the block names, and no other", () => {
  const fixed = {
    id: "tcustom1",
    name: "ours",
    region: "East Coast (NY2)",
    defaultSizeGb: 250,
    availableMachineTypes: [{ machineTypeLabel: "A4000", isAvailable: false }],
  };
  const choice = { templates: [young], fixed };
  assert.deepEqual(selectBoot(a4000, choice, {}), {
    templateId: "tcustom1",
    diskGb: 250,
    available: false,
  });
  assert.deepEqual(selectBoot({ label: "P4000", gpuCount: 1 }, choice, {}), {
    problem: 'template "tcustom1" is not for machine type "P4000": change paperspace.templateID',
  });
  assert.deepEqual(listLabels(choice), ["A4000"]);
});

Deno.test("selectBoot() makes the disk as large as is asked for, as the template needs, as is sold", () => {
  const disk = (change: Partial<WireOsTemplate>, diskSizeGb?: number) => {
    const options = diskSizeGb === undefined ? {} : { diskSizeGb };
    const boot = selectBoot(a4000, choose(template(change)), options);
    return "problem" in boot ? boot.problem : boot.diskGb;
  };
  assert.equal(disk({}), 100);
  assert.equal(disk({}, 50), 50);
  assert.equal(disk({}, 260), 500);
  assert.equal(disk({ defaultSizeGb: 250 }, 50), 250);
  assert.equal(disk({ defaultSizeGb: 120 }), 250);
  // Whatever its default says.
  assert.equal(disk({ name: "mliab-u22-241101" }, 50), 100);
  assert.match(String(disk({ defaultSizeGb: 4000 })), /no disk of 4000 GB is sold/);
});

Deno.test("listLabels() names every type once, in order", () => {
  const choice = choose(template({ labels: ["P4000", "A4000"] }), template({ labels: ["A4000"] }));
  assert.deepEqual(listLabels(choice), ["A4000", "P4000"]);
});
