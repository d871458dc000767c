import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  renderUserData,
  UserDataError,
  type UserDataInput,
} from "../../../controller/bootstrap/user_data.ts";
import { makeCaBundle } from "./ca_bundle.ts";
import { bootScript } from "./rendered_user_data.ts";
import { SandboxedMachine } from "./sandboxed_machine.ts";

const caBundle = await makeCaBundle();
const nodeName = "tgp-abc123-h100-x7k2q9";
const secret = "0123456789abcdef";
/** Limit of the vendor's older API; the newer one does not say (fact sheet, section 7, 2026-11-24). */
const paperspaceLimit = 16_000;

function render(overrides: Partial<UserDataInput> = {}): string {
  return renderUserData({
    nodeName,
    token: `nzxy37.${secret}`,
    kubeadm: {
      apiServerEndpoint: "203.0.113.7:6443",
      caBundle,
      kubernetesVersion: "1.36.1",
    },
    labels: { "tgp.io/node-pool": "h100" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    format: "script",
    maxBytes: paperspaceLimit,
    ...overrides,
  });
}

Deno.test("a startup script is one function, called with its input closed", () => {
  const packed = /^[A-Za-z0-9+/]{1000,}={0,2}$/m;
  assert.equal(
    render().replace(packed, "PACKED"),
    `#!/bin/bash
main() {
  set -euo pipefail
  [[ ! -e /var/lib/tgp/done ]] || return 0
  # Paperspace's images have a source that breaks every update (seen 2025).
  rm -f /etc/apt/sources.list.d/paperspace.list
  hostnamectl set-hostname 'tgp-abc123-h100-x7k2q9'
  grep -qwF 'tgp-abc123-h100-x7k2q9' /etc/hosts || printf '127.0.1.1 %s\\n' 'tgp-abc123-h100-x7k2q9' >>/etc/hosts
  # Before the file: what it holds is nobody else's for no moment.
  install -d -m 700 /opt/tgp
  base64 -d <<'SCRIPT' | gunzip >/opt/tgp/bootstrap.sh
PACKED
SCRIPT
  chmod 700 /opt/tgp/bootstrap.sh
  cat >/etc/systemd/system/tgp-bootstrap.service <<'UNIT'
[Unit]
Description=Join this machine to the cluster
Wants=network-online.target
After=network-online.target
ConditionPathExists=!/var/lib/tgp/done
StartLimitIntervalSec=1h
StartLimitBurst=5
[Service]
Type=oneshot
ExecStart=/opt/tgp/bootstrap.sh
TimeoutStartSec=20min
Restart=on-failure
RestartSec=30
[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl --quiet enable tgp-bootstrap.service
  systemctl start --no-block tgp-bootstrap.service
}
main </dev/null
`,
  );
});

Deno.test("a startup script fits the vendor, with labels and taints to spare, and is ASCII", () => {
  const labels = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`example.test/${"k".repeat(40)}${index}`, "v"]),
  );
  for (const script of [render(), render({ labels })]) {
    assert.ok(Buffer.byteLength(script) < paperspaceLimit / 2, `${Buffer.byteLength(script)}`);
    assert.match(script, /^[\x20-\x7e\n]+$/);
  }
});

Deno.test("a startup script that is larger than the cloud takes is refused, with the remedy", () => {
  const bundle = Buffer.from(Buffer.from(caBundle, "base64").toString().repeat(30));
  const kubeadm = {
    apiServerEndpoint: "203.0.113.7:6443",
    caBundle: bundle.toString("base64"),
    kubernetesVersion: "1.36.1",
  };
  assert.ok(render({ kubeadm, maxBytes: 1_000_000 }));
  assert.throws(() => render({ kubeadm, maxBytes: 3_000 }), (error: unknown) => {
    assert.ok(error instanceof UserDataError);
    assert.match(error.message, /size is \d+ bytes, the cloud takes 3000: put fewer certificates/);
    return true;
  });
});

Deno.test("a startup script is checked like a cloud-init document", () => {
  const bad: readonly [field: string, Partial<UserDataInput>][] = [
    ["nodeName", { nodeName: "a'; reboot; '" }],
    ["token", { token: "nzxy37.0123456789ABCDEF" }],
    ['labels["a"]', { labels: { a: "$(reboot)" } }],
  ];
  for (const [field, overrides] of bad) {
    assert.throws(
      () => render(overrides),
      (error: unknown) => error instanceof UserDataError && error.field === field,
      field,
    );
  }
});

Deno.test("a startup script piped into bash leaves the boot script and starts its unit", async () => {
  await using machine = await SandboxedMachine.create();
  await machine.write("etc/apt/sources.list.d/paperspace.list", "deb http://stale.example.test\n");
  const { code, log } = await machine.pipe(render());
  assert.deepEqual([code, log], [0, ""]);
  assert.deepEqual(await machine.calls(), [
    `hostnamectl set-hostname ${nodeName}`,
    "systemctl daemon-reload",
    "systemctl --quiet enable tgp-bootstrap.service",
    "systemctl start --no-block tgp-bootstrap.service",
  ]);
  assert.deepEqual(await machine.names("etc/apt/sources.list.d"), []);
  assert.match(await machine.read("etc/hosts"), new RegExp(`^127\\.0\\.1\\.1 ${nodeName}$`, "m"));
  const unit = await machine.read("etc/systemd/system/tgp-bootstrap.service");
  assert.match(unit, /^ExecStart=\/opt\/tgp\/bootstrap\.sh$/m);
  assert.deepEqual([await machine.mode("opt/tgp"), await machine.mode("opt/tgp/bootstrap.sh")], [
    "700",
    "700",
  ]);
});

Deno.test("both formats carry the same boot script, and it joins", async () => {
  await using machine = await SandboxedMachine.create();
  await machine.pipe(render());
  const script = await machine.read("opt/tgp/bootstrap.sh");
  assert.equal(script, bootScript(render({ format: "cloud-config" })));
  assert.equal(await machine.run(script), 0);
  assert.ok((await machine.calls()).includes("kubeadm join --config /run/tgp/join.yaml"));
  // The vendor may serve it again at the next boot.
  const before = await machine.calls();
  assert.deepEqual(await machine.pipe(render()), { code: 0, log: "" });
  assert.deepEqual(await machine.calls(), before);
});

Deno.test("a startup script run twice before the machine has joined changes nothing more", async () => {
  await using machine = await SandboxedMachine.create();
  const texts = [];
  for (let run = 0; run < 2; run++) {
    assert.equal((await machine.pipe(render())).code, 0);
    texts.push(await machine.read("etc/hosts") + await machine.read("opt/tgp/bootstrap.sh"));
  }
  assert.equal(texts[0], texts[1]);
});

Deno.test("a startup script that arrives in part does nothing", async () => {
  const script = render();
  const call = script.lastIndexOf("main </dev/null");
  await using machine = await SandboxedMachine.create();
  for (const part of [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
    await machine.pipe(script.slice(0, Math.floor(call * part)));
  }
  await machine.pipe(script.slice(0, call));
  assert.deepEqual(await machine.calls(), []);
  assert.deepEqual(await machine.names("opt"), []);
});

Deno.test("a startup script that was damaged starts nothing, and says nothing secret", async () => {
  await using machine = await SandboxedMachine.create();
  const damaged = render().replace(/^([A-Za-z0-9+/]{500})[^]{100}/m, "$1");
  const { code, log } = await machine.pipe(damaged);
  assert.notEqual(code, 0);
  assert.match(log, /gzip/);
  assert.ok(!log.includes(secret), log);
  assert.deepEqual(await machine.calls(), [`hostnamectl set-hostname ${nodeName}`]);
});

Deno.test("a startup script passes bash -n", async () => {
  const process = new Deno.Command("bash", { args: ["-n"], stdin: "piped", stderr: "piped" })
    .spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(render()));
  await writer.close();
  const { code, stderr } = await process.output();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
});
