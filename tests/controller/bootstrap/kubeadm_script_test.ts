import assert from "node:assert/strict";
import { load } from "js-yaml";
import { renderUserData, type UserDataInput } from "../../../controller/bootstrap/user_data.ts";
import type { KubeadmBootstrap } from "../../../schemas/node_class.ts";
import { makeCaBundle } from "./ca_bundle.ts";
import { bootScript } from "./rendered_user_data.ts";
import { SandboxedMachine } from "./sandboxed_machine.ts";

const caBundle = await makeCaBundle();
const token = "nzxy37.0123456789abcdef";
const secret = "0123456789abcdef";

function makeScript(gpuMode: KubeadmBootstrap["gpuMode"]): string {
  const input: UserDataInput = {
    nodeName: "tgp-abc123-h100-x7k2q9",
    token,
    kubeadm: {
      apiServerEndpoint: "203.0.113.7:6443",
      caBundle,
      kubernetesVersion: "1.36.1",
      gpuMode,
    },
    labels: { "tgp.io/node-pool": "h100", "topology.kubernetes.io/region": "lambda-us-east-1" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    format: "cloud-config",
    maxBytes: 1_000_000,
  };
  return bootScript(renderUserData(input));
}

Deno.test("the boot script joins with a file discovery and the rendered labels and taints", async () => {
  await using machine = await SandboxedMachine.create();
  assert.equal(await machine.run(makeScript("Preinstalled")), 0);
  assert.deepEqual(load(await machine.read("join.yaml")), {
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "JoinConfiguration",
    discovery: {
      file: { kubeConfigPath: "/run/tgp/discovery.conf" },
      tlsBootstrapToken: token,
    },
    nodeRegistration: {
      name: "tgp-abc123-h100-x7k2q9",
      criSocket: "unix:///run/containerd/containerd.sock",
      kubeletExtraArgs: [
        {
          name: "node-labels",
          value: "tgp.io/node-pool=h100,topology.kubernetes.io/region=lambda-us-east-1",
        },
        {
          name: "register-with-taints",
          value: "tgp.io/unregistered:NoExecute,nvidia.com/gpu=present:NoSchedule",
        },
      ],
    },
  });
  assert.deepEqual(load(await machine.read("discovery.yaml")), {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{
      name: "cluster",
      cluster: { server: "https://203.0.113.7:6443", "certificate-authority-data": caBundle },
    }],
    users: [{ name: "bootstrap", user: { token } }],
    // kubeadm refuses a file without a current context, and a context without a user.
    contexts: [{ name: "bootstrap", context: { cluster: "cluster", user: "bootstrap" } }],
    "current-context": "bootstrap",
  });
});

Deno.test("the boot script leaves its mark, removes its secrets and does nothing a second time", async () => {
  await using machine = await SandboxedMachine.create();
  const script = makeScript("Preinstalled");
  assert.equal(await machine.run(script), 0);
  assert.deepEqual(await machine.names("run/tgp"), ["ca.crt", "lock"]);
  assert.deepEqual(await machine.names("var/lib/tgp"), ["done"]);
  const calls = await machine.calls();
  assert.equal(await machine.run(script), 0);
  assert.deepEqual(await machine.calls(), calls);
});

Deno.test("the boot script never puts the token into an argument or its log", async () => {
  await using machine = await SandboxedMachine.create({ joinFailures: 1 });
  assert.equal(await machine.run(makeScript("Preinstalled")), 0);
  const seen = [...await machine.calls(), await machine.read("var/log/tgp-bootstrap.log")];
  assert.ok(seen.length > 20);
  for (const text of seen) assert.ok(!text.includes(secret), text);
});

Deno.test("the boot script prepares the host and pins the packages", async () => {
  await using machine = await SandboxedMachine.create();
  assert.equal(await machine.run(makeScript("Preinstalled")), 0);
  const calls = await machine.calls();
  for (
    const wanted of [
      "hostnamectl set-hostname tgp-abc123-h100-x7k2q9",
      "swapoff -a",
      "modprobe -a overlay br_netfilter",
      "nvidia-smi -L",
      "nvidia-ctk runtime configure --runtime=containerd --set-as-default",
      "systemctl restart containerd",
      "apt-get -o DPkg::Lock::Timeout=600 -y -q install --allow-change-held-packages " +
      "kubelet=1.36.1-* kubeadm=1.36.1-* kubernetes-cni cri-tools",
      "apt-mark hold kubelet kubeadm",
      "systemctl enable kubelet",
      "kubeadm join --config /run/tgp/join.yaml",
    ]
  ) assert.ok(calls.includes(wanted), wanted);
  assert.match(await machine.read("etc/fstab"), /^#\/swap none/m);
  assert.match(await machine.read("etc/fstab"), /^UUID=1/m);
  assert.match(await machine.read("etc/containerd/config.toml"), /SystemdCgroup = true/);
  assert.match(
    await machine.read("etc/apt/sources.list.d/tgp-kubernetes.list"),
    /core:\/stable:\/v1\.36\/deb\/ \/$/m,
  );
});

Deno.test("the boot script installs the container toolkit where the image lacks it", async () => {
  await using machine = await SandboxedMachine.create({ missing: ["nvidia-ctk"] });
  assert.equal(await machine.run(makeScript("Preinstalled")), 0);
  const calls = await machine.calls();
  const installed = calls.findIndex((call) => call.endsWith("install nvidia-container-toolkit"));
  const configured = calls.findIndex((call) => call.startsWith("nvidia-ctk runtime configure"));
  assert.ok(installed > 0 && configured > installed);
});

Deno.test("the boot script leaves GPUs alone unless the image brings the driver", async () => {
  for (const gpuMode of ["Operator", "None"] as const) {
    await using machine = await SandboxedMachine.create({ missing: ["nvidia-smi", "nvidia-ctk"] });
    assert.equal(await machine.run(makeScript(gpuMode)), 0);
    assert.ok(!(await machine.calls()).some((call) => call.includes("nvidia")));
  }
});

Deno.test("the boot script fails on an image without a working driver, naming the step", async () => {
  await using machine = await SandboxedMachine.create({ missing: ["nvidia-smi"] });
  assert.notEqual(await machine.run(makeScript("Preinstalled")), 0);
  assert.match(await machine.read("var/log/tgp-bootstrap.log"), /failed in step gpu/);
  assert.deepEqual(await machine.names("var/lib/tgp"), []);
});

Deno.test("the boot script resets and joins again when the first join fails", async () => {
  await using machine = await SandboxedMachine.create({ joinFailures: 1 });
  assert.equal(await machine.run(makeScript("Preinstalled")), 0);
  const calls = (await machine.calls()).filter((call) => /^(kubeadm|sleep)/.test(call));
  const join = "kubeadm join --config /run/tgp/join.yaml";
  assert.deepEqual(calls, [join, "kubeadm reset -f", "sleep 15", join]);
});

Deno.test("the boot script gives up when the API server is away, and succeeds on the unit's next try", async () => {
  await using machine = await SandboxedMachine.create({ apiAway: true });
  const script = makeScript("Preinstalled");
  assert.notEqual(await machine.run(script), 0);
  assert.match(await machine.read("var/log/tgp-bootstrap.log"), /failed in step api/);
  const probes = (await machine.calls()).filter((call) => call.includes("/version"));
  assert.equal(probes.length, 24);
  assert.match(
    probes[0] ?? "",
    /--cacert \/run\/tgp\/ca\.crt .*https:\/\/203\.0\.113\.7:6443\/version/,
  );
  await machine.restoreApi();
  assert.equal(await machine.run(script), 0);
  assert.deepEqual(await machine.names("var/lib/tgp"), ["done"]);
});

Deno.test("the boot script passes bash -n", async () => {
  const process = new Deno.Command("bash", { args: ["-n"], stdin: "piped", stderr: "piped" })
    .spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(makeScript("Preinstalled")));
  await writer.close();
  const { code, stderr } = await process.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
