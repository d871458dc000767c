import assert from "node:assert/strict";
import { resourceDefinitions } from "../../schemas/definitions.ts";
import { account, nodeClass, pool, refusals } from "./crd_refusals.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";

const crdFolder = new URL("../../manifests/crds/", import.meta.url).pathname;

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

  await t.step(
    "take the largest objects that they allow: rules stay within their cost",
    async () => {
      for (const object of largest()) {
        const { code, stderr } = await apply(
          plane,
          { ...object, metadata: { name: "l".repeat(63) } },
          ...["--server-side", "--dry-run=server"],
        );
        assert.equal(code, 0, stderr);
      }
    },
  );

  await t.step("take from pools what they would not take from people", async () => {
    const { code, stderr } = await apply(plane, {
      ...claim,
      metadata: { name: "of-an-old-pool" },
      spec: { ...claim.spec, labels: { "tgp.io/provider": "lambda" } },
    }, "--dry-run=server");
    assert.equal(code, 0, stderr);
  });

  await t.step("let nobody change the spec of a claim", async () => {
    assert.equal((await apply(plane, claim)).code, 0);
    const changed = await plane.kubectl(
      ...["patch", "gnclaim", claimName, "--type=merge"],
      ...["-p", JSON.stringify({ spec: { resources: { "nvidia.com/gpu": 2 } } })],
    );
    assert.equal(changed.code, 1);
    assert.match(
      changed.stderr,
      /spec: Invalid value: spec is immutable: a claim is one machine at most; delete it and create another/,
    );
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

  await t.step("are selected by what they refer to", async () => {
    const names = async (kind: string, selector: string) => {
      const { code, stdout, stderr } = await plane.kubectl(
        ...["get", kind, "--field-selector", selector, "-o", "name"],
      );
      assert.equal(code, 0, stderr);
      return stdout.trim().split("\n").filter((line) => line !== "");
    };
    const claimPath = `gpunodeclaim.tgp.io/${claimName}`;
    assert.deepEqual(await names("gnp", "spec.nodeClassRef.name=default"), [
      "gpunodepool.tgp.io/train",
    ]);
    assert.deepEqual(await names("gnp", "spec.nodeClassRef.name=other"), []);
    assert.ok((await names("gnclaim", "spec.nodePoolRef.name=train")).includes(claimPath));
    assert.deepEqual(await names("gnclaim", "status.launch.offer.provider=lambda"), [claimPath]);
  });

  await t.step("are found by short names and by their category", async () => {
    for (const name of ["gnc", "gnp", "gnclaim", "tgp"]) {
      const { code, stderr } = await plane.kubectl("get", name);
      assert.equal(code, 0, stderr);
    }
  });

  await t.step("explain every field", async () => {
    const limits = await plane.kubectl("explain", "gnp.spec.limits");
    assert.match(limits.stdout, /Upper bounds; a purchase that would pass one is not made/);
    assert.match(limits.stdout, /spendPerHour\s<string>\n\s+Most US dollars per hour that these/);
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

function apply(
  plane: ControlPlane,
  object: Readonly<Record<string, unknown>>,
  ...flags: readonly string[]
) {
  return plane.runKubectl(["apply", "-f", "-", ...flags], { stdin: JSON.stringify(object) });
}

/** As much of everything as there may be, where rules look at it. */
function largest(): readonly Readonly<Record<string, unknown>>[] {
  const many = <T>(length: number, make: (index: number) => T) =>
    Array.from({ length }, (_, index) => make(index));
  const long = (index: number, length: number) => `k${index}`.padEnd(length, "x");
  const key = (index: number) => `${long(index, 200)}.example.com/${long(index, 63)}`;
  const byKey = (count: number, value: string) =>
    Object.fromEntries(many(count, (index) => [key(index), value]));
  const taints = (from: number) =>
    many(32, (index) => ({ key: key(from + index), value: "v", effect: "NoSchedule" }));
  const terms = {
    requirements: many(32, (index) => ({
      key: key(index),
      operator: "In",
      values: many(64, (at) => long(at, 63)),
    })),
    taints: taints(0),
    startupTaints: taints(32),
  };
  const labels = byKey(64, "v".repeat(63));
  const annotations = byKey(32, "a".repeat(4096));
  const resources = byKey(32, "1");
  return [
    nodeClass({
      providers: many(16, (index) => ({
        name: long(index, 63),
        provider: "lambda",
        credentialsRef: { name: "n".repeat(253), key: long(index, 253), namespace: "n".repeat(63) },
        regions: many(64, (at) => long(at, 63)),
        lambda: { sshKeyName: "k" },
      })),
      bootstrap: {
        kubeadm: {
          apiServerEndpoint: `${"h".repeat(255)}:6443`,
          caBundle: "Zm9v".repeat(16384),
          kubernetesVersion: "1.36.1",
        },
      },
      limits: { resources },
    }),
    pool({
      podSelector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: terms },
      limits: { resources },
    }),
    {
      ...claim,
      spec: { nodeClassRef: { name: "default" }, ...terms, labels, annotations, resources },
    },
  ];
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
