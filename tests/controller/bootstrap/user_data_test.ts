import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import {
  renderUserData,
  shellQuote,
  UserDataError,
  type UserDataInput,
} from "../../../controller/bootstrap/user_data.ts";
import type { Taint } from "../../../schemas/kubernetes.ts";
import { makeCaBundle } from "./ca_bundle.ts";
import { bootScript, parseCloudConfig, writtenFile } from "./rendered_user_data.ts";

const caBundle = await makeCaBundle();

function makeInput(overrides: Partial<UserDataInput> = {}): UserDataInput {
  return {
    nodeName: "tgp-abc123-h100-x7k2q9",
    token: "nzxy37.0123456789abcdef",
    kubeadm: {
      apiServerEndpoint: "api.example.test:6443",
      caBundle,
      kubernetesVersion: "1.36.1",
    },
    labels: { "tgp.io/node-pool": "h100" },
    taints: [],
    format: "cloud-config",
    maxBytes: 1_000_000,
    ...overrides,
  };
}

function kubeadm(overrides: Partial<UserDataInput["kubeadm"]>): Partial<UserDataInput> {
  return { kubeadm: { ...makeInput().kubeadm, ...overrides } };
}

/** What bash makes of `NAME=…` in the rendered script. */
async function readVariable(script: string, name: string): Promise<string> {
  const line = script.split("\n").find((candidate) => candidate.startsWith(`${name}=`)) ?? "";
  const { stdout, success } = await new Deno.Command("bash", {
    args: ["-c", `set -eu; ${line}\nprintf %s "$${name}"`],
  }).output();
  assert.ok(success);
  return new TextDecoder().decode(stdout);
}

Deno.test("renderUserData() gives a cloud-init document that writes the script and its unit", () => {
  const userData = renderUserData(makeInput());
  assert.ok(userData.startsWith("#cloud-config\n"));
  const config = parseCloudConfig(userData);
  assert.equal(config.hostname, "tgp-abc123-h100-x7k2q9");
  assert.deepEqual(config.write_files.map(({ path, permissions }) => [path, permissions]), [
    ["/opt/tgp/bootstrap.sh", "0700"],
    ["/etc/systemd/system/tgp-bootstrap.service", "0644"],
  ]);
  const unit = writtenFile(config, "/etc/systemd/system/tgp-bootstrap.service");
  assert.match(unit, /^ExecStart=\/opt\/tgp\/bootstrap\.sh$/m);
  assert.deepEqual(config.runcmd.at(-1), [
    "systemctl",
    "start",
    "--no-block",
    "tgp-bootstrap.service",
  ]);
  assert.ok(!userData.includes("@@") && !bootScript(userData).includes("@@"));
});

Deno.test("renderUserData() is a function of its input and stays small", () => {
  const userData = renderUserData(makeInput());
  assert.equal(renderUserData(makeInput()), userData);
  assert.ok(Buffer.byteLength(userData) < 8_000, `${Buffer.byteLength(userData)}`);
});

Deno.test("renderUserData() quotes host names that YAML would read as something else", () => {
  for (const nodeName of ["123", "1e3", "null", "true", "0x1f"]) {
    assert.equal(parseCloudConfig(renderUserData(makeInput({ nodeName }))).hostname, nodeName);
  }
});

Deno.test("renderUserData() puts the unregistered taint first and every taint once", async () => {
  const taints: Taint[] = [
    { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
    { key: "nvidia.com/gpu", value: "other", effect: "NoSchedule" },
    { key: "nvidia.com/gpu", effect: "NoExecute" },
    { key: "tgp.io/unregistered", effect: "NoExecute" },
  ];
  const script = bootScript(renderUserData(makeInput({ taints })));
  assert.equal(
    await readVariable(script, "TAINTS"),
    "tgp.io/unregistered:NoExecute,nvidia.com/gpu=present:NoSchedule,nvidia.com/gpu:NoExecute",
  );
});

Deno.test("renderUserData() passes only labels that a kubelet may set", async () => {
  const labels = {
    "tgp.io/node-pool": "h100",
    "topology.kubernetes.io/region": "lambda-us-east-1",
    "node.kubernetes.io/instance-type": "gpu_1x_h100_pcie",
    "kubernetes.io/arch": "amd64",
    "node-restriction.kubernetes.io/tenant": "a",
    "node-role.kubernetes.io/gpu": "",
    "x.k8s.io/y": "z",
    empty: "",
  };
  const script = bootScript(renderUserData(makeInput({ labels })));
  assert.equal(
    await readVariable(script, "LABELS"),
    "empty=,node.kubernetes.io/instance-type=gpu_1x_h100_pcie,tgp.io/node-pool=h100," +
      "topology.kubernetes.io/region=lambda-us-east-1",
  );
});

Deno.test("renderUserData() names the field that does not fit, and never the token", () => {
  const bad: [string, Partial<UserDataInput>][] = [
    ["nodeName", { nodeName: "a'; reboot; '" }],
    ["nodeName", { nodeName: "a".repeat(64) }],
    ["token", { token: "nzxy37.0123456789ABCDEF" }],
    ["token", { token: "nzxy37.0123456789abcdef\n" }],
    ["kubeadm.apiServerEndpoint", kubeadm({ apiServerEndpoint: "https://api:6443" })],
    ["kubeadm.apiServerEndpoint", kubeadm({ apiServerEndpoint: "api:99999" })],
    ["kubeadm.apiServerEndpoint", kubeadm({ apiServerEndpoint: "api:0" })],
    ["kubeadm.kubernetesVersion", kubeadm({ kubernetesVersion: "1.36" })],
    ["kubeadm.kubernetesVersion", kubeadm({ kubernetesVersion: "1.30.9" })],
    ["kubeadm.caBundle", kubeadm({ caBundle: "not base64!" })],
    ["kubeadm.caBundle", kubeadm({ caBundle: Buffer.from("no PEM").toString("base64") })],
    ['labels["a b"]', { labels: { "a b": "c" } }],
    ['labels["a"]', { labels: { a: 'b"c' } }],
    ['taints["a"]', { taints: [{ key: "a", value: "b,c", effect: "NoSchedule" }] }],
    ["size", { maxBytes: 1_000 }],
  ];
  for (const [field, overrides] of bad) {
    assert.throws(() => renderUserData(makeInput(overrides)), (error: unknown) => {
      assert.ok(error instanceof UserDataError, `${field}: ${error}`);
      assert.equal(error.field, field);
      assert.ok(!error.message.includes("0123456789"), error.message);
      return true;
    });
  }
});

Deno.test("renderUserData() keeps any valid labels and taints as they are", async () => {
  const name = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?$/);
  const key = fc.oneof(name, name.map((suffix) => `example.test/${suffix}`));
  const value = fc.oneof(fc.constant(""), name);
  const effect = fc.constantFrom<Taint["effect"]>("NoSchedule", "PreferNoSchedule", "NoExecute");
  const taint = fc.record({ key, value, effect });
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true }),
      fc.uniqueArray(taint, { maxLength: 5, selector: (one) => `${one.key}:${one.effect}` }),
      async (labels, taints) => {
        const script = bootScript(renderUserData(makeInput({ labels, taints })));
        const read = (await readVariable(script, "LABELS")).split(",").filter((pair) =>
          pair !== ""
        );
        assert.deepEqual(Object.fromEntries(read.map((pair) => pair.split("="))), labels);
        const [, ...rest] = (await readVariable(script, "TAINTS")).split(",");
        assert.deepEqual(
          rest,
          taints.map((one) => `${one.key}${one.value ? `=${one.value}` : ""}:${one.effect}`),
        );
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("shellQuote() survives the shell for any text", async () => {
  const texts = [
    "",
    "'",
    "a'b'c",
    "$(reboot)",
    "`x`",
    "a\nb",
    '"\\',
    randomBytes(32).toString("base64"),
  ];
  const { stdout } = await new Deno.Command("bash", {
    args: ["-c", `printf '%s\\0' ${texts.map(shellQuote).join(" ")}`],
  }).output();
  assert.deepEqual(new TextDecoder().decode(stdout).split("\0").slice(0, -1), texts);
});
