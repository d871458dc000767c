import assert from "node:assert/strict";
import type { Offer } from "../../../providers/contract.ts";
import { type OfferContext, toOffers } from "../../../providers/paperspace/offers.ts";
import type { Placement } from "../../../providers/paperspace/placement_reader.ts";
import type { WireOsTemplate } from "../../../providers/paperspace/wire.ts";
import { labels } from "../../../schemas/labels.ts";
import { parseUsd } from "../../../schemas/money.ts";

const context: OfferContext = {
  account: "paperspace",
  regions: undefined,
  options: {},
  readAt: 17,
};

function template(name: string, types: Record<string, boolean>): WireOsTemplate {
  return {
    id: `t-${name}`,
    name,
    agentType: name.startsWith("w10") ? "WindowsDesktop" : "LinuxHeadless",
    operatingSystemLabel: "Ubuntu 22.04",
    defaultSizeGb: undefined,
    availableMachineTypes: Object.entries(types).map(([machineTypeLabel, isAvailable]) => ({
      machineTypeLabel,
      isAvailable,
    })),
    dtCreated: 1,
  };
}

function place(...templates: WireOsTemplate[]): Placement {
  return { templates, fixed: undefined, boundTo: [] };
}

const rows = (offers: readonly Offer[]) =>
  offers.map(({ instanceType, location, available }) =>
    `${instanceType} ${location.region} ${available}`
  );

Deno.test("types that templates name are offered in all their regions, sold-out ones too", () => {
  const { offers, unpriced } = toOffers(
    place(template("u22", { A5000: true, "GPU+": false, C5: true })),
    context,
  );
  assert.deepEqual(unpriced, []);
  assert.deepEqual(rows(offers), [
    "A5000 ny2 true",
    "A5000 ca1 true",
    "C5 ny2 true",
    "C5 ca1 true",
    "C5 ams1 true",
    "GPU+ ny2 false",
    "GPU+ ams1 false",
  ]);
});

Deno.test("an offer has shape, price and labels of its machine", () => {
  const [offer] = toOffers(place(template("u22", { A6000x4: true })), context).offers;
  assert.deepEqual(offer?.gpu, { model: "RTX-A6000-48GB", known: true, count: 4, memoryGb: 48 });
  assert.equal(offer.labels[labels.region], "paperspace-ny2");
  assert.equal(offer.labels[labels.instanceType], "A6000x4");
  assert.equal(offer.labels[labels.nvidiaProduct], "NVIDIA-RTX-A6000");
  assert.deepEqual(offer.price, {
    perHour: parseUsd("7.5704"),
    perGpuHour: parseUsd("1.8926"),
    currency: "USD",
    billingIncrement: 3_600_000,
    source: "table",
    readAt: 17,
  });
  assert.equal(offer.capacityType, "on-demand");
  assert.equal(offer.stock, "template available");
});

Deno.test("a label that is no label value is made one, and the type keeps its name", () => {
  const [offer] = toOffers(place(template("u22", { "GPU+": true })), context).offers;
  assert.equal(offer?.instanceType, "GPU+");
  assert.match(offer.labels[labels.instanceType] ?? "", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/);
});

Deno.test("CPU types have no GPU, and the smallest makes no node", () => {
  const { offers } = toOffers(place(template("u22", { C1: true, C3: true })), context);
  assert.ok(offers.every(({ gpu }) => gpu === undefined));
  assert.deepEqual(
    offers.map(({ instanceType, notJoinable }) => [instanceType, notJoinable]).slice(2, 4),
    [["C1", "0.5 GiB of memory is too little for a node"], ["C3", undefined]],
  );
});

Deno.test("what the table does not know is left out and named", () => {
  const named = template("u22", { C2: true, B300: true, A4000x3: true, A4000: true });
  const { offers, unpriced } = toOffers(place(named), context);
  assert.deepEqual(unpriced, ["A4000x3", "B300", "C2"]);
  assert.deepEqual(new Set(offers.map(({ instanceType }) => instanceType)), new Set(["A4000"]));
});

Deno.test("a type that only other systems are for is sold out, and says why", () => {
  const [offer] = toOffers(place(template("w10", { P4000: true })), context).offers;
  assert.equal(offer?.available, false);
  assert.match(offer.stock ?? "", /^no Ubuntu 22\.04 template is for machine type "P4000"/);
});

Deno.test("regions of the account, its template and its network bound offers", () => {
  const placement = place(template("u22", { A4000: true }));
  assert.deepEqual(rows(toOffers(placement, { ...context, regions: ["ams1", "ca1"] }).offers), [
    "A4000 ca1 true",
    "A4000 ams1 true",
  ]);
  assert.deepEqual(rows(toOffers({ ...placement, boundTo: ["ams1"] }, context).offers), [
    "A4000 ams1 true",
  ]);
  assert.deepEqual(toOffers({ ...placement, boundTo: ["ams1", "ny2"] }, context).offers, []);
});

Deno.test("disk and static address are in the price, the disk in the capacity", () => {
  const [offer] = toOffers(place(template("u22", { A4000: true })), {
    ...context,
    options: { diskSizeGb: 300, publicIPType: "Static" },
  }).offers;
  assert.equal(offer?.price.perHour, parseUsd("0.8017"));
  assert.equal(offer.capacity["ephemeral-storage"], 500 * 1024 ** 3 * 1000);
});
