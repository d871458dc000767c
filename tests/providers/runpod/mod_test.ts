import { testProviderConformance } from "../conformance.ts";
import { createRunpodWorld, runpodEntry } from "./runpod_world.ts";

testProviderConformance({ cloud: "RunPod REST", create: createRunpodWorld });

testProviderConformance({
  cloud: "RunPod GraphQL",
  anonymousOffers: true,
  create: (transport, change) =>
    createRunpodWorld(transport, { ...change, entry: runpodEntry({ protocol: "GraphQL" }) }),
});
