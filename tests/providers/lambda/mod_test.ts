import { testProviderConformance } from "../conformance.ts";
import { createLambdaWorld } from "./lambda_world.ts";

testProviderConformance({ cloud: "Lambda", create: createLambdaWorld });
