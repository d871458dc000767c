/**
 * GPUNodeClass: where to buy and how a machine joins.
 *
 * @module
 */

import { z } from "zod";
import { lambdaOptionsSchema } from "./clouds/lambda.ts";
import { paperspaceOptionsSchema } from "./clouds/paperspace.ts";
import { runpodOptionsSchema } from "./clouds/runpod.ts";
import { conditionsSchema } from "./conditions.ts";
import { durationSchema } from "./duration.ts";
import { limitsSchema } from "./limits.ts";
import { metadataSchema, nameSchema } from "./meta.ts";
import { usdSchema } from "./money.ts";

/** Reference to the key of a Secret that holds a vendor's API key. */
export const credentialsRefSchema = z.object({
  name: z.string().min(1).max(253).describe("Name of the Secret"),
  key: z.string().min(1).max(253).describe("Key in the Secret's data that holds the API key"),
  namespace: z.string().min(1).max(63).optional().describe(
    "Namespace of the Secret; the controller's own when absent, others only if its operator allowed them",
  ),
}).describe("Where the vendor's API key is");

/** One account at one cloud. */
export const providerEntrySchema = z.object({
  name: nameSchema.describe("Unique name of this account within the class"),
  provider: z.string().min(1).max(63).optional().describe(
    "Cloud of this account, for example lambda; the entry's name when absent",
  ),
  priority: z.int32().optional().describe(
    "Lower is tried first; equals compete on price. Default 0",
  ),
  enabled: z.boolean().optional().describe(
    "False stops buying from this account; what runs is still ended properly. Default true",
  ),
  credentialsRef: credentialsRefSchema,
  regions: z.array(z.string().min(1).max(63)).max(64).meta({ listType: "set" }).optional().describe(
    "Native region codes to buy in; all when absent",
  ),
  timeouts: z.object({
    launch: durationSchema.optional().describe("From sending the order to a running machine"),
    registration: durationSchema.optional().describe("From a running machine to its Node"),
    initialization: durationSchema.optional().describe("From its Node to usable GPUs"),
  }).optional().describe("How long each step may take; defaults depend on the cloud and the size"),
  discountPercent: z.int().min(0).max(90).optional().describe(
    "What the account pays less than the listed prices, in percent; offers and instances are ranked, counted and shown at the reduced price. Default 0",
  ),
  lambda: lambdaOptionsSchema.optional(),
  paperspace: paperspaceOptionsSchema.optional(),
  runpod: runpodOptionsSchema.optional(),
}).describe("One account at one cloud");

/** One account at one cloud. */
export type ProviderEntry = z.infer<typeof providerEntrySchema>;

/** How a machine joins a cluster made by kubeadm, or one that serves what `kubeadm join` reads. */
export const kubeadmBootstrapSchema = z.object({
  apiServerEndpoint: z.string().min(3).max(261).regex(
    /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?):[0-9]{1,5}$/,
    "must be host:port",
  ).describe("host:port of the API server, reachable from the rented machines"),
  caBundle: z.string().max(65536).regex(
    /^([0-9a-zA-Z+/]{4})*([0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?$/,
    "must be base64: encode the PEM file as a whole, without line breaks",
  ).optional().describe(
    "PEM certificates of the cluster's CA in base64; what the controller itself trusts when absent",
  ),
  kubernetesVersion: z.string().max(32).regex(
    /^1\.[0-9]{1,3}\.[0-9]{1,3}$/,
    "must be a version such as 1.36.1",
  ).describe("Version of kubelet and kubeadm to install"),
  gpuMode: z.enum(["Preinstalled", "Operator", "None"]).optional().describe(
    "Who brings the GPU driver: the image, the NVIDIA GPU Operator, or nobody. Default Preinstalled",
  ),
}).describe("Join by kubeadm");

/** How a machine joins by kubeadm. */
export type KubeadmBootstrap = z.infer<typeof kubeadmBootstrapSchema>;

/** `spec` of a GPUNodeClass. */
export const nodeClassSpecSchema = z.object({
  providers: z.array(providerEntrySchema).min(1).max(16).meta({
    listType: "map",
    listMapKeys: ["name"],
  }).describe("The accounts to buy from"),
  bootstrap: z.object({
    kubeadm: kubeadmBootstrapSchema.optional(),
  }).meta({
    cel: [{ rule: "has(self.kubeadm)", message: "set exactly one of: kubeadm" }],
  }).optional().describe("How rented machines join the cluster"),
  limits: limitsSchema.optional().describe("Upper bounds over all pools of this class"),
}).describe("Where to buy and how a machine joins");

/** What is known about one account. */
export const providerStatusSchema = z.object({
  name: nameSchema.describe("The entry's name"),
  provider: z.string().max(63).describe("The cloud"),
  available: z.boolean().describe("Whether machines can be bought from this account now"),
  reason: z.string().max(1024).describe("Machine-readable word for why"),
  message: z.string().max(4096).describe("For people: why, and what to do about it"),
  credentialFingerprint: z.string().max(64).optional().describe(
    "First characters of the SHA-256 of the key that the message is about; tells keys apart, reveals nothing",
  ),
  fingerprintInUse: z.string().max(64).optional().describe(
    "The same of the key that is in use, or was last: another one while the Secret's has not proven itself",
  ),
  account: z.string().max(253).optional().describe(
    "Identity of the account, where the cloud has one",
  ),
  offers: z.int32().min(0).optional().describe("Offers listed"),
  availableOffers: z.int32().min(0).optional().describe("Offers that can be bought now"),
  cheapestPerHour: usdSchema.optional().describe(
    "Price of the cheapest offer that can be bought now",
  ),
  breakers: z.array(z.object({
    operation: z.string().max(64).describe("Kind of call that is held back"),
    state: z.enum(["Open", "HalfOpen"]).describe(
      "Open: not tried for now; HalfOpen: the next call is a trial",
    ),
  })).max(32).meta({ listType: "map", listMapKeys: ["operation"] }).optional().describe(
    "Calls that are held back because the last ones all failed; absent when there are none",
  ),
}).describe("What is known about one account");

/** What is known about one account. */
export type ProviderStatus = z.infer<typeof providerStatusSchema>;

/** `status` of a GPUNodeClass. */
export const nodeClassStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe("metadata.generation this was judged on"),
  conditions: conditionsSchema.optional(),
  providers: z.array(providerStatusSchema).max(16).meta({ listType: "map", listMapKeys: ["name"] })
    .optional().describe("What is known about each account"),
  lastCheckedTime: z.iso.datetime({ offset: true }).optional().describe(
    "When the accounts were last checked; written on change, else at most every 10 minutes",
  ),
}).describe("What is known about the accounts");

/** A GPUNodeClass. */
export const nodeClassSchema = z.object({
  apiVersion: z.literal("tgp.io/v1"),
  kind: z.literal("GPUNodeClass"),
  metadata: metadataSchema,
  spec: nodeClassSpecSchema,
  status: nodeClassStatusSchema.optional(),
});

/** A GPUNodeClass. */
export type GPUNodeClass = z.infer<typeof nodeClassSchema>;

/** `status` of a GPUNodeClass. */
export type NodeClassStatus = z.infer<typeof nodeClassStatusSchema>;
