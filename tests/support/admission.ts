/**
 * Admission rules without a cluster: a context of plain values, and reviews as the API server sends them.
 *
 * @module
 */

import type { AdmissionContext } from "../../controller/admission/context/admission_context.ts";
import { ClaimUsage } from "../../controller/admission/context/claim_usage.ts";
import {
  createKnownOffers,
  noKnownOffers,
} from "../../controller/admission/context/known_offers.ts";
import type { Violation } from "../../controller/admission/rules/violation.ts";
import { formatViolation } from "../../controller/admission/rules/violation.ts";
import type { Offer } from "../../providers/contract.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import { type GPUNodeClass, nodeClassSchema } from "../../schemas/node_class.ts";
import { type GPUNodePool, nodePoolSchema } from "../../schemas/node_pool.ts";
import { buildOffer } from "./scheduling.ts";

/** What differs from a cluster with nothing in it. */
export interface Surroundings {
  readonly classes?: readonly GPUNodeClass[];
  readonly pools?: readonly GPUNodePool[];
  readonly claims?: readonly GPUNodeClaim[];
  /** Of every class. */
  readonly offers?: readonly Offer[];
  /** Keys by name, in the controller's namespace; `unknown` when absent. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  readonly allowedNamespaces?: readonly string[];
}

/** A context of plain values; the controller's namespace is `tgp-system`. */
export function createTestContext(around: Surroundings = {}): AdmissionContext {
  const { classes = [], pools = [], claims = [], secrets, allowedNamespaces = [] } = around;
  const usage = new ClaimUsage();
  for (const [index, object] of claims.entries()) {
    usage.apply({ type: "ADDED", key: String(index), object });
  }
  const known = around.offers ? createKnownOffers(around.offers) : noKnownOffers;
  return {
    scope: { namespace: "tgp-system", allowedNamespaces },
    nodeClass: (name) => classes.find(({ metadata }) => metadata.name === name),
    pools: () => pools,
    usage: (of, name) => usage.of(of, name),
    offers: () => known,
    secret(namespace, name) {
      if (secrets === undefined || namespace !== "tgp-system") return "unknown";
      return Object.hasOwn(secrets, name) ? { keys: secrets[name] ?? [] } : "missing";
    },
  };
}

/** `deny path: …` and `warn path: …`. */
export function toLines(violations: readonly Violation[]): readonly string[] {
  return violations.map((violation) => `${violation.effect} ${formatViolation(violation)}`);
}

/** A class named `default`, as a user writes its spec. */
export function readClass(spec: object, metadata: object = {}): GPUNodeClass {
  return nodeClassSchema.parse(toObject("GPUNodeClass", "default", spec, metadata));
}

/** A pool named `gpu` of class `default`, as a user writes its spec. */
export function readPool(spec: object = {}, metadata: object = {}): GPUNodePool {
  return nodePoolSchema.parse(
    toObject("GPUNodePool", "gpu", { nodeClassRef: { name: "default" }, ...spec }, metadata),
  );
}

/** An object as the API server sends it. */
export function toObject(kind: string, name: string, spec: object, metadata: object = {}): object {
  return { apiVersion: "tgp.io/v1", kind, metadata: { name, ...metadata }, spec };
}

/** A class that nothing is wrong with: one account at Lambda. */
export const soundClassSpec = Object.freeze({
  providers: [{
    name: "lambda",
    credentialsRef: { name: "lambda-key", key: "apiKey" },
    lambda: { sshKeyName: "tgp" },
  }],
  bootstrap: {
    kubeadm: { apiServerEndpoint: "api.example.com:6443", kubernetesVersion: "1.36.1" },
  },
  limits: { spendPerHour: "50" },
});

/** A pool that nothing is wrong with. */
export const soundPoolSpec = Object.freeze({
  nodeClassRef: { name: "default" },
  limits: { spendPerHour: "20" },
});

/** What a Lambda account offers: an A10, an A100, eight H100s and a Grace Hopper. */
export const lambdaOffers: readonly Offer[] = [
  buildOffer("of-a10", { price: "0.75", model: "A10-24GB" }),
  buildOffer("of-a100", { price: "1.29", model: "A100-SXM4-40GB", region: "us-west-2" }),
  buildOffer("of-h100x8", {
    price: "23.92",
    model: "H100-SXM5-80GB",
    gpus: 8,
    region: "us-south-1",
  }),
  buildOffer("of-gh200", {
    price: "1.49",
    model: "GH200-96GB",
    arch: "arm64",
    region: "us-east-3",
  }),
];

/** A write, as the API server asks about it. */
export interface ReviewParts {
  readonly kind?: string;
  readonly operation?: string;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly name?: string;
  readonly subResource?: string;
}

/** An AdmissionReview of a write; a creation of a GPUNodePool unless said otherwise. */
export function toReview(parts: ReviewParts): object {
  const { kind = "GPUNodePool", operation = "CREATE", object = null, oldObject = null } = parts;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      kind: { group: "tgp.io", version: "v1", kind },
      resource: { group: "tgp.io", version: "v1", resource: `${kind.toLowerCase()}s` },
      name: parts.name ?? "gpu",
      ...(parts.subResource === undefined ? {} : { subResource: parts.subResource }),
      operation,
      userInfo: { username: "someone", groups: ["system:authenticated"] },
      object,
      oldObject,
      dryRun: false,
      options: null,
    },
  };
}
