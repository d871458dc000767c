import assert from "node:assert/strict";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";

const crdFolder = new URL("../../manifests/crds/", import.meta.url).pathname;

/** What a user may write, and what the API server says to it. */
const refusals: readonly {
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly says: readonly string[];
}[] = [
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
];

Deno.test("CustomResourceDefinitions on a real API server", async (t) => {
  await using plane = await startControlPlane({ components: [] });

  await t.step("are accepted, structural, and within the cost budget of their rules", async () => {
    const applied = await plane.kubectl("apply", "-k", crdFolder);
    assert.equal(applied.code, 0, applied.stderr);
    const waited = await plane.kubectl(
      ...["wait", "--for=condition=Established", "--timeout=30s"],
      ...["crd", ...resourceDefinitions.map(({ plural }) => `${plural}.tgp.io`)],
    );
    assert.equal(waited.code, 0, waited.stderr);
    const stated = await plane.kubectl(
      ...["get", "crd", "-o", "jsonpath={.items[*].status.conditions[*].type}"],
    );
    assert.ok(!stated.stdout.includes("NonStructuralSchema"), stated.stdout);
  });

  await t.step("are unchanged by a second apply", async () => {
    const { stdout } = await plane.kubectl("apply", "-k", crdFolder);
    assert.deepEqual(
      stdout.trim().split("\n").map((line) => line.split(" ").at(-1)),
      resourceDefinitions.map(() => "unchanged"),
    );
  });

  for (const { name, object, says } of refusals) {
    await t.step(`refuse ${name}`, async () => {
      const { code, stderr } = await apply(plane, object);
      assert.equal(code, 1, "was accepted");
      for (const text of says) assert.ok(stderr.includes(text), `${text}\nnot in\n${stderr}`);
    });
  }

  await t.step("leave an unknown cloud to the controller, which can say more", async () => {
    assert.equal((await apply(plane, nodeClass({ providers: [account("aws")] }))).code, 0);
  });

  await t.step("let nobody change the spec of a claim", async () => {
    assert.equal((await apply(plane, claim)).code, 0);
    const changed = await plane.kubectl(
      ...["patch", "gnclaim", claimName, "--type=merge"],
      ...["-p", JSON.stringify({ spec: { resources: { "nvidia.com/gpu": 2 } } })],
    );
    assert.equal(changed.code, 1);
    assert.match(changed.stderr, /spec: Invalid value: spec is immutable: create a new claim/);
    const labelled = await plane.kubectl("label", "gnclaim", claimName, "team=ml");
    assert.equal(labelled.code, 0, labelled.stderr);
  });

  await t.step("keep spec and status apart", async () => {
    const written = await plane.kubectl(
      ...["patch", "gnclaim", claimName, "--type=merge"],
      ...["-p", JSON.stringify({ status: { nodeName: "forged" } })],
    );
    assert.match(written.stdout, /no change/);
    const status = await plane.kubectl(
      ...["patch", "gnclaim", claimName, "--subresource=status", "--type=merge"],
      ...["-p", JSON.stringify({ status: claimStatus })],
    );
    assert.equal(status.code, 0, status.stderr);
  });

  await t.step("show GPU, count, cloud and price of claims within 80 columns", async () => {
    const { stdout } = await plane.kubectl("get", "gnclaim");
    assert.deepEqual(cells(stdout), [
      ["NAME", "GPU", "QTY", "PROVIDER", "$/H", "READY", "AGE"],
      [claimName, "H100-SXM5-80GB", "8", "lambda", "22.32", "False"],
    ]);
    assertWidth(stdout, 80);
  });

  await t.step("show all columns of claims within 200 columns", async () => {
    const { stdout } = await plane.kubectl("get", "gnclaim", "-o", "wide");
    const [header] = cells(stdout);
    assert.deepEqual(header?.slice(6), ["POOL", "TYPE", "REGION", "NODE", "REASON", "AGE"]);
    assertWidth(stdout, 200);
  });

  await t.step("show nodes and spend of pools within 80 columns", async () => {
    await apply(plane, pool({ limits: { spendPerHour: "60" } }));
    await plane.kubectl(
      ...["patch", "gnp", "train", "--subresource=status", "--type=merge"],
      ...["-p", JSON.stringify({ status: poolStatus })],
    );
    const { stdout } = await plane.kubectl("get", "gnp");
    assert.deepEqual(cells(stdout), [
      ["NAME", "CLASS", "NODES", "GPUS", "PENDING", "$/H", "CAP $/H", "READY", "AGE"],
      ["train", "default", "2", "12", "4", "35.47", "60", "True"],
    ]);
    assertWidth(stdout, 80);
    assertWidth((await plane.kubectl("get", "gnp", "-o", "wide")).stdout, 200);
  });

  await t.step("are found by short names and by their category", async () => {
    for (const name of ["gnc", "gnp", "gnclaim", "tgp"]) {
      const { code, stderr } = await plane.kubectl("get", name);
      assert.equal(code, 0, stderr);
    }
  });

  await t.step("explain every field", async () => {
    const limits = await plane.kubectl("explain", "gnp.spec.limits");
    assert.match(limits.stdout, /Upper bounds on what may be bought/);
    assert.match(limits.stdout, /spendPerHour\s<string>\n\s+Most US dollars per hour at a time/);
    const all = await plane.kubectl("explain", "gnclaim.status", "--recursive");
    assert.match(all.stdout, /pricePerHour\s<string>/);
  });

  await t.step("complain about unknown conditions of a status", async () => {
    const { stderr } = await plane.kubectl(
      ...["patch", "gnp", "train", "--subresource=status", "--type=merge"],
      ...["-p", JSON.stringify({ status: { conditions: [{ type: "Ready", status: "Maybe" }] } })],
    );
    assert.match(
      stderr,
      /Unsupported value: "Maybe": supported values: "True", "False", "Unknown"/,
    );
  });
});

const claimName = "tgp-a1b2c3-train-x9fk2q";

const claim = {
  apiVersion: "tgp.io/v1",
  kind: "GPUNodeClaim",
  metadata: { name: claimName },
  spec: {
    nodeClassRef: { name: "default" },
    nodePoolRef: { name: "train" },
    resources: { "nvidia.com/gpu": 1 },
    maxPricePerHour: "30",
    terminationGracePeriod: "1h",
  },
};

const ready = {
  type: "Ready",
  status: "False",
  reason: "AwaitingNode",
  message: "The machine runs; its Node has not joined yet",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

const claimStatus = {
  conditions: [ready],
  nodeName: claimName,
  launch: {
    machineName: claimName,
    intentTime: "2026-01-01T00:00:00Z",
    sendBefore: "2026-01-01T00:00:30Z",
    outcome: "Launched",
    offer: {
      id: "of-abcdefgh",
      provider: "lambda",
      account: "lambda",
      instanceType: "gpu_8x_h100_sxm5",
      region: "us-east-1",
      capacityType: "on-demand",
      gpuModel: "H100-SXM5-80GB",
      gpuCount: 8,
      pricePerHour: "22.32",
      billingIncrement: "1m",
      capacity: { "nvidia.com/gpu": "8" },
      labels: { "tgp.io/gpu-model": "H100-SXM5-80GB" },
    },
  },
};

const poolStatus = {
  conditions: [{ ...ready, status: "True", reason: "Ready" }],
  nodes: 2,
  resources: { "nvidia.com/gpu": "12" },
  spendPerHour: "35.47",
  spentToday: "412.10",
  pendingPods: 4,
};

function pool(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodePool",
    metadata: { name: "train" },
    spec: { nodeClassRef: { name: "default" }, ...spec },
  };
}

function nodeClass(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { apiVersion: "tgp.io/v1", kind: "GPUNodeClass", metadata: { name: "default" }, spec };
}

function account(name: string): Record<string, unknown> {
  return { name, credentialsRef: { name: "keys", key: name } };
}

function apply(plane: ControlPlane, object: Readonly<Record<string, unknown>>) {
  return plane.runKubectl(["apply", "-f", "-"], { stdin: JSON.stringify(object) });
}

/** The cells of a table; the age, which varies, is cut off the rows. */
function cells(table: string): readonly (readonly string[])[] {
  return table.trimEnd().split("\n").map((line, index) => {
    const row = line.trim().split(/ {2,}/);
    return index === 0 ? row : row.slice(0, -1);
  });
}

function assertWidth(table: string, columns: number): void {
  for (const line of table.trimEnd().split("\n")) {
    assert.ok(line.trimEnd().length <= columns, `${line.trimEnd().length} columns: ${line}`);
  }
}
