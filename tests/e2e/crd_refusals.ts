/**
 * What a user may write, and what the API server says to it.
 *
 * @module
 */

/** A write that must not be taken. */
export interface Refusal {
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** What the answer must hold. */
  readonly says: readonly string[];
}

/** A pool of a spec. */
export function pool(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodePool",
    metadata: { name: "train" },
    spec: { nodeClassRef: { name: "default" }, ...spec },
  };
}

/** A class of a spec. */
export function nodeClass(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { apiVersion: "tgp.io/v1", kind: "GPUNodeClass", metadata: { name: "default" }, spec };
}

/** An account that has all that its cloud needs. */
export function account(name: string): Record<string, unknown> {
  const block = name === "lambda" ? { lambda: { sshKeyName: "k" } } : {};
  return { name, credentialsRef: { name: "keys", key: name }, ...block };
}

/** See the module. */
export const refusals: readonly Refusal[] = [
  {
    name: "limits of zero",
    object: pool({
      limits: {
        nodes: 0,
        resources: { "nvidia.com/gpu": 0, memory: "0Gi" },
        spendPerHour: "0",
        spendPerDay: "0.00",
      },
    }),
    says: [
      "spec.limits.nodes: Invalid value: 0: spec.limits.nodes in body should be greater than or equal to 1",
      "spec.limits.resources[nvidia.com/gpu]: Invalid value: 0: must be a quantity of more than zero",
      'spec.limits.resources[memory]: Invalid value: "0Gi": must be a quantity of more than zero',
      'spec.limits.spendPerHour: Invalid value: "0": must be more than zero US dollars',
      'spec.limits.spendPerDay: Invalid value: "0.00": must be more than zero US dollars',
    ],
  },
  {
    name: "negative limits",
    object: pool({
      limits: { nodes: -1, resources: { cpu: -1, memory: "-1Gi" }, spendPerHour: "-3" },
    }),
    says: [
      "spec.limits.nodes: Invalid value: -1",
      "spec.limits.resources[cpu]: Invalid value: -1: must be a quantity of more than zero",
      'spec.limits.resources[memory]: Invalid value: "-1Gi": must be a quantity of more than zero',
      'spec.limits.spendPerHour: Invalid value: "-3": must be more than zero US dollars',
    ],
  },
  {
    name: "prices that are not amounts",
    object: pool({ price: { maxPerHour: "cheap", maxPerGpuHour: "1e3" } }),
    says: [
      'spec.price.maxPerHour: Invalid value: "cheap": must be more than zero US dollars as a decimal string such as "2.39"',
      'spec.price.maxPerGpuHour: Invalid value: "1e3"',
    ],
  },
  {
    name: "a price without quotes",
    object: pool({ price: { maxPerHour: 2.39 } }),
    says: ["spec.price.maxPerHour in body must be of type string"],
  },
  {
    name: "a duration in words",
    object: pool({ disruption: { consolidateAfter: "soon" } }),
    says: [
      'spec.disruption.consolidateAfter: Invalid value: "soon": must be a duration such as "15m" or "1h30m"',
    ],
  },
  {
    name: "a weight out of range",
    object: pool({ weight: 101 }),
    says: ["spec.weight: Invalid value: 101"],
  },
  {
    name: "an unknown field",
    object: pool({ limit: { nodes: 1 } }),
    says: ['unknown field "spec.limit"'],
  },
  {
    name: "requirements whose operator and values do not match",
    object: pool({
      template: {
        spec: {
          requirements: [
            { key: "tgp.io/gpu-model", operator: "In" },
            { key: "tgp.io/gpu-count", operator: "Gt", values: ["many"] },
            { key: "tgp.io/country", operator: "Exists", values: ["us"] },
            { key: "two words", operator: "Exists" },
          ],
        },
      },
    }),
    says: [
      "spec.template.spec.requirements[0]: Invalid value: In and NotIn need at least one value",
      "spec.template.spec.requirements[1]: Invalid value: Gt and Lt need exactly one non-negative integer",
      "spec.template.spec.requirements[2]: Invalid value: Exists and DoesNotExist take no values",
      'spec.template.spec.requirements[3].key: Invalid value: "two words": must be a label key',
    ],
  },
  {
    name: "a pod selector that selects by nothing",
    object: pool({ podSelector: { matchExpressions: [{ key: "team", operator: "In" }] } }),
    says: ["spec.podSelector.matchExpressions[0].values: Invalid value: In and NotIn need"],
  },
  {
    name: "a name that fits into no label",
    object: { ...pool({}), metadata: { name: "team.train" } },
    says: ["metadata.name: Invalid value: must be lower-case letters, digits and dashes"],
  },
  {
    name: "a name of 64 characters",
    object: { ...pool({}), metadata: { name: "a".repeat(64) } },
    says: ["metadata.name: Too long: may not be more than 63"],
  },
  {
    name: "two accounts of one name",
    object: nodeClass({ providers: [account("lambda"), account("lambda")] }),
    says: ['spec.providers[1]: Duplicate value: {"name":"lambda"}'],
  },
  {
    name: "no account",
    object: nodeClass({ providers: [] }),
    says: ["spec.providers in body should have at least 1 items"],
  },
  {
    name: "an account without a key",
    object: nodeClass({ providers: [{ name: "lambda" }] }),
    says: ["spec.providers[0].credentialsRef: Required value"],
  },
  {
    name: "a bootstrap that says nothing",
    object: nodeClass({ providers: [account("lambda")], bootstrap: {} }),
    says: ["spec.bootstrap: Invalid value: set exactly one of: kubeadm"],
  },
  {
    name: "two images",
    object: nodeClass({
      providers: [{
        ...account("lambda"),
        lambda: {
          sshKeyName: "k",
          imageFamily: "lambda-stack-24-04",
          imageID: "5c2a6ad4-8b7f-4a5e-9d3c-0f1e2d3c4b5a",
        },
      }],
    }),
    says: ["spec.providers[0].lambda: Invalid value: set imageFamily or imageID, not both"],
  },
  {
    name: "a certificate bundle that is not base64",
    object: nodeClass({
      providers: [account("lambda")],
      bootstrap: {
        kubeadm: {
          apiServerEndpoint: "example.com:6443",
          kubernetesVersion: "1.36.1",
          caBundle: "-----BEGIN CERTIFICATE-----",
        },
      },
    }),
    says: [
      'spec.bootstrap.kubeadm.caBundle: Invalid value: "-----BEGIN CERTIFICATE-----": must be base64',
    ],
  },
  {
    name: "an endpoint with a scheme, and a version with a v",
    object: nodeClass({
      providers: [account("lambda")],
      bootstrap: {
        kubeadm: { apiServerEndpoint: "https://example.com", kubernetesVersion: "v1.36" },
      },
    }),
    says: [
      'spec.bootstrap.kubeadm.apiServerEndpoint: Invalid value: "https://example.com": must be host:port',
      'spec.bootstrap.kubeadm.kubernetesVersion: Invalid value: "v1.36": must be a version such as 1.36.1',
    ],
  },
  {
    name: "limits on what no node has",
    object: pool({ limits: { resources: { gpu: 8 } } }),
    says: [
      'spec.limits.resources: Invalid value: no node has a resource called "gpu": write cpu, memory, ephemeral-storage, or a name with its domain, such as nvidia.com/gpu',
    ],
  },
  {
    name: "patience without end",
    object: pool({
      disruption: { consolidateAfter: "721h" },
      template: { spec: { terminationGracePeriod: "999999h" } },
    }),
    says: [
      'spec.disruption.consolidateAfter: Invalid value: "721h": must be at most 720h',
      'spec.template.spec.terminationGracePeriod: Invalid value: "999999h": must be at most 720h',
    ],
  },
  {
    name: "labels, annotations and taints that others set",
    object: pool({
      template: {
        metadata: {
          labels: { "kubernetes.io/arch": "arm64" },
          annotations: { "tgp.io/planned-pods": "x" },
        },
        spec: { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }] },
      },
    }),
    says: [
      'spec.template.metadata.labels: Invalid value: key "kubernetes.io/arch" is set by the machine, the controller or Kubernetes, not by you: to choose machines by it, write a requirement, else use a domain of your own',
      `spec.template.metadata.annotations: Invalid value: key "tgp.io/planned-pods" is the controller's own: of the domain tgp.io, only tgp.io/do-not-disrupt is yours to set`,
      "spec.template.spec.taints[0].key: Invalid value: taints of tgp.io and of Kubernetes' domains are set and removed by their controllers: use a domain of your own",
    ],
  },
  {
    name: "keys that are none",
    object: pool({
      podSelector: { matchLabels: { "two words": "x" } },
      template: { spec: { requirements: [{ key: "a..b/c", operator: "Exists" }] } },
    }),
    says: [
      'spec.podSelector.matchLabels: Invalid value: key "two words" must be a name of at most 63 characters, or a domain, a slash and a name, such as example.com/team',
      "spec.template.spec.requirements[0].key: Invalid value: must be a name of at most 63 characters",
    ],
  },
  {
    name: "a taint that pods must tolerate and need not",
    object: pool({
      template: {
        spec: {
          taints: [{ key: "team", effect: "NoSchedule" }],
          startupTaints: [{ key: "team", effect: "NoSchedule" }],
        },
      },
    }),
    says: [
      "spec.template.spec.startupTaints: Invalid value: a taint is in taints and in startupTaints",
    ],
  },
  {
    name: "settings for another cloud, and none where they are needed",
    object: nodeClass({
      providers: [
        { ...account("paperspace"), lambda: { sshKeyName: "k" } },
        { name: "lambdalabs", credentialsRef: { name: "keys", key: "lambda" } },
      ],
    }),
    says: [
      "spec.providers[0].lambda: Forbidden: this account is at paperspace, where settings for lambda have no effect: remove them, or set provider: lambda",
      "spec.providers[1].lambda: Required value: Lambda takes no order without the name of an SSH key: set lambda.sshKeyName",
    ],
  },
  {
    name: "one account under two spellings",
    object: nodeClass({
      providers: [
        account("lambda"),
        { ...account("lambda"), name: "mine", provider: "lambda-labs" },
      ],
    }),
    says: [
      'spec.providers: Invalid value: "lambda" is listed under another name, too, with the same key at the same cloud: keep one of its entries, or give each the key of another account',
    ],
  },
  {
    name: "time limits of nothing and of days",
    object: nodeClass({
      providers: [{ ...account("lambda"), timeouts: { launch: "0s", registration: "25h" } }],
    }),
    says: [
      'spec.providers[0].timeouts.launch: Invalid value: "0s": must be more than zero and at most 24h',
      'spec.providers[0].timeouts.registration: Invalid value: "25h": must be more than zero and at most 24h',
    ],
  },
  {
    name: "a key where the name of one belongs",
    object: nodeClass({
      providers: [{
        ...account("lambda"),
        credentialsRef: { name: "tgp-system/keys", key: "secret_abc:123", namespace: "*" },
      }],
    }),
    says: [
      'spec.providers[0].credentialsRef.name: Invalid value: "tgp-system/keys": must be the name of a Secret alone',
      // What may be a key is not repeated.
      "spec.providers[0].credentialsRef.key: Forbidden: must be a key of the Secret's data, not the API key itself",
      'spec.providers[0].credentialsRef.namespace: Invalid value: "*": must be the name of a namespace',
    ],
  },
  {
    name: "a port that is none",
    object: nodeClass({
      providers: [account("lambda")],
      bootstrap: {
        kubeadm: { apiServerEndpoint: "example.com:70000", kubernetesVersion: "1.36.1" },
      },
    }),
    says: [
      'spec.bootstrap.kubeadm.apiServerEndpoint: Invalid value: "example.com:70000": must end with a port from 1 to 65535, usually 6443',
    ],
  },
  {
    name: "a list for a text",
    object: nodeClass({
      providers: [{ ...account("lambda"), lambda: { sshKeyName: "k", imageID: [] } }],
    }),
    says: ["spec.providers[0].lambda.imageID in body must be of type string"],
  },
  {
    name: "a claim by hand with what others set",
    object: {
      apiVersion: "tgp.io/v1",
      kind: "GPUNodeClaim",
      metadata: { name: "by-hand" },
      spec: {
        nodeClassRef: { name: "default" },
        labels: { "tgp.io/provider": "lambda" },
        startupTaints: [{ key: "tgp.io/disrupted", effect: "NoSchedule" }],
      },
    },
    says: [
      'spec.labels: Invalid value: key "tgp.io/provider" is set by the machine',
      "spec.startupTaints: Invalid value: taints of tgp.io and of Kubernetes' domains",
    ],
  },
];
