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
import { boundedDuration } from "./duration.ts";
import { limitsSchema } from "./limits.ts";
import { mapOf, setOf } from "./lists.ts";
import { metadataSchema, nameSchema } from "./meta.ts";
import { usdSchema } from "./money.ts";
import { entryRules, twinRule } from "./rules/accounts.ts";
import { celMatches } from "./rules/cel.ts";
import { text } from "./text.ts";
import { timeSchema } from "./time.ts";

/** Reference to the key of a Secret that holds a vendor's API key. */
export const credentialsRefSchema = z.object({
  name: text({ min: 1, max: 253 }).meta({
    cel: [{
      rule: celMatches("self", /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
      message: "must be the name of a Secret alone: lower-case letters, digits, dashes and dots",
    }],
  }).describe("Name of the Secret"),
  key: text({ min: 1, max: 253 }).meta({
    cel: [{
      rule: celMatches("self", /^[-._A-Za-z0-9]+$/),
      message: "must be a key of the Secret's data, not the API key itself: " +
        "letters, digits, dashes, underscores and dots",
      // Of values that are forbidden the API server shows nothing.
      reason: "FieldValueForbidden",
    }],
  }).describe("Key in the Secret's data whose value is the API key"),
  namespace: text({ min: 1, max: 63 }).meta({
    cel: [{
      rule: celMatches("self", /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
      message: "must be the name of a namespace: lower-case letters, digits and dashes",
    }],
  }).optional().describe(
    "Namespace of the Secret; others than the controller's own only where its operator allowed them. Default the controller's own",
  ),
}).describe(
  "The Secret that holds the account's API key. It may change while machines run: a new key takes over once it has proven to be the same account's",
);

/** A time limit; no machine gets anywhere in no time, and none that takes a day ever arrives. */
const stepLimit = boundedDuration({ max: "24h", zero: false });

/** One account at one cloud. */
export const providerEntrySchema = z.object({
  name: nameSchema.describe(
    "Unique name of this account within the class, for one account per cloud simply the cloud's. Nodes carry it as label tgp.io/account",
  ),
  provider: text({ min: 1, max: 63 }).optional().describe(
    "Cloud of this account: lambda (lambdalabs and lambda-labs are read, too), paperspace or runpod. Needed where `name` says something else. Default the value of `name`",
  ),
  priority: z.int32().optional().describe(
    "Accounts of a lower number are used first, as long as they have a machine that fits; equals compete on price. May be negative. Default 0",
  ),
  enabled: z.boolean().optional().describe(
    "False stops buying from this account; what runs goes on and is ended properly. Default true",
  ),
  credentialsRef: credentialsRefSchema,
  regions: setOf(text({ min: 1, max: 63 }), 64).optional().describe(
    "The cloud's own codes of the regions to buy in, such as us-east-1 at Lambda, ny2 at Paperspace, EU-RO-1 at RunPod (in its Community cloud, countries such as CZ). Default all, as does an empty list",
  ),
  timeouts: z.object({
    launch: stepLimit.optional().describe("From sending the order to a running machine"),
    registration: stepLimit.optional().describe("From a running machine to its Node"),
    initialization: stepLimit.optional().describe("From its Node to usable GPUs"),
  }).optional().describe(
    "How long each step of a machine's start may take; a machine that misses one is ended, and another is bought. Default 10m to 30m, by cloud, step and number of GPUs",
  ),
  discountPercent: z.int().min(0).max(90).optional().describe(
    "What this account pays less than the listed prices, in whole percent; offers and machines are ranked, counted and shown at the reduced price. Default 0",
  ),
  lambda: lambdaOptionsSchema.optional(),
  paperspace: paperspaceOptionsSchema.optional(),
  runpod: runpodOptionsSchema.optional(),
}).meta({ cel: entryRules }).describe("One account at one cloud");

/** One account at one cloud. */
export type ProviderEntry = z.infer<typeof providerEntrySchema>;

/** A port from 1 to 65535, at the end. */
const portPattern =
  /:0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$/;

/** How a machine joins a cluster made by kubeadm, or one that serves what `kubeadm join` reads. */
export const kubeadmBootstrapSchema = z.object({
  apiServerEndpoint: z.string().min(3).max(261).regex(
    /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?):[0-9]{1,5}$/,
    "must be host:port",
  ).meta({
    cel: [{
      rule: `!${celMatches("self", /:[0-9]{1,5}$/)} || ${celMatches("self", portPattern)}`,
      message: "must end with a port from 1 to 65535, usually 6443",
    }],
  }).describe(
    "host:port of the API server, without https://, as rented machines reach it: a public name or address, IPv6 in brackets",
  ),
  caBundle: z.string().max(65536).regex(
    /^([0-9a-zA-Z+/]{4})*([0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?$/,
    "must be base64: encode the PEM file as a whole, without line breaks",
  ).optional().describe(
    "PEM certificates of the cluster's CA in base64, as certificate-authority-data in a kubeconfig. Clouds limit what a machine is started with: one certificate fits everywhere. Default what the controller itself trusts",
  ),
  kubernetesVersion: z.string().max(32).regex(
    /^1\.[0-9]{1,3}\.[0-9]{1,3}$/,
    "must be a version such as 1.36.1",
  ).describe(
    "Version of kubelet and kubeadm to install, such as 1.36.1: that of the control plane, 1.31.0 or newer",
  ),
  gpuMode: z.enum(["Preinstalled", "Operator", "None"]).optional().describe(
    "Who brings GPU driver and container toolkit: the cloud's image, the NVIDIA GPU Operator in the cluster, or nobody. Default Preinstalled",
  ),
}).describe("Join by kubeadm, with a token that is made for each machine and works once");

/** How a machine joins by kubeadm. */
export type KubeadmBootstrap = z.infer<typeof kubeadmBootstrapSchema>;

/** `spec` of a GPUNodeClass. */
export const nodeClassSpecSchema = z.object({
  providers: mapOf(providerEntrySchema, ["name"], 16).min(1).meta({ cel: [twinRule] }).describe(
    "The accounts to buy from; all are compared for every machine",
  ),
  bootstrap: z.object({
    kubeadm: kubeadmBootstrapSchema.optional(),
  }).meta({
    cel: [{ rule: "has(self.kubeadm)", message: "set exactly one of: kubeadm" }],
  }).optional().describe(
    "How rented machines join the cluster: exactly one way. Needed as soon as an account's cloud rents machines (Lambda, Paperspace); there is no default",
  ),
  limits: limitsSchema.optional().describe(
    "Upper bounds over all pools of this class together, besides each pool's own. A purchase that would pass one is not made, and what runs stays",
  ),
}).describe("Where to buy and how a machine joins");

/** What is known about one account. */
export const providerStatusSchema = z.object({
  name: nameSchema.describe("The entry's name"),
  provider: text({ max: 63 }).describe("The cloud, by its canonical name where it is known"),
  available: z.boolean().describe("Whether machines can be bought from this account now"),
  reason: text({ max: 1024 }).describe("Machine-readable word for why"),
  message: text({ max: 4096 }).describe("For people: why, and what to do about it"),
  credentialFingerprint: text({ max: 64 }).optional().describe(
    "First characters of the SHA-256 of the key that the message is about; tells keys apart, reveals nothing",
  ),
  fingerprintInUse: text({ max: 64 }).optional().describe(
    "The same of the key that is in use, or was last: another one while the Secret's has not proven itself",
  ),
  account: text({ max: 253 }).optional().describe(
    "Identity of the account at the cloud, where the cloud tells one",
  ),
  offers: z.int32().min(0).optional().describe("Offers listed, sold-out ones too"),
  availableOffers: z.int32().min(0).optional().describe("Offers that can be bought now"),
  cheapestPerHour: usdSchema.optional().describe(
    "Price in US dollars per hour of the cheapest offer that can be bought now",
  ),
  breakers: mapOf(
    z.object({
      operation: text({ max: 64 }).describe("Kind of call that is held back"),
      state: z.enum(["Open", "HalfOpen"]).describe(
        "Open: not tried for now; HalfOpen: the next call is a trial",
      ),
    }),
    ["operation"],
    32,
  ).optional().describe(
    "Calls that are held back because the last ones all failed; absent when there are none",
  ),
}).describe("What is known about one account");

/** What is known about one account. */
export type ProviderStatus = z.infer<typeof providerStatusSchema>;

/** `status` of a GPUNodeClass. */
export const nodeClassStatusSchema = z.object({
  observedGeneration: z.int().min(0).optional().describe(
    "metadata.generation of the spec that this was judged on",
  ),
  conditions: conditionsSchema.optional(),
  providers: mapOf(providerStatusSchema, ["name"], 16).optional().describe(
    "What is known about each account",
  ),
  lastCheckedTime: timeSchema.optional().describe(
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
