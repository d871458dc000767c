import { testProviderConformance } from "../conformance.ts";
import { createPaperspaceWorld } from "./paperspace_world.ts";

testProviderConformance({
  cloud: "Paperspace",
  // The vendor's list of templates is open to everybody.
  anonymousOffers: true,
  create: createPaperspaceWorld,
});
