import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { readUserData, UserDataFault } from "../../../sim/kubelet/user_data.ts";
import { Box, host, nodeName } from "./box.ts";

/** Changes the script inside a document. */
function withScript(document: string, change: (script: string) => string): string {
  return document.replace(/content: "([A-Za-z0-9+/=]{100,})"/, (_, encoded: string) => {
    const script = gunzipSync(Buffer.from(encoded, "base64")).toString();
    return `content: "${gzipSync(change(script)).toString("base64")}"`;
  });
}

Deno.test("readUserData() finds everything the controller rendered", async () => {
  await using box = await Box.start();
  const plan = readUserData(box.userData([{ key: "a", value: "b", effect: "NoSchedule" }]));
  assert.deepEqual(plan, {
    hostname: nodeName,
    nodeName,
    host,
    caPem: box.ca.certificatePem,
    token: "nzxy37.0123456789abcdef",
    version: "1.36.1",
    labels: { "tgp.io/node-pool": "h100" },
    taints: [
      { key: "tgp.io/unregistered", effect: "NoExecute" },
      { key: "a", value: "b", effect: "NoSchedule" },
    ],
    gpuMode: "preinstalled",
  });
});

Deno.test("readUserData() refuses what no machine could use, and never quotes the token", async () => {
  await using box = await Box.start();
  const good = box.userData();
  assert.ok(readUserData(withScript(good, (script) => script)));
  const bad: [string, string][] = [
    ["no header", good.replace("#cloud-config", "#cloud-boothook")],
    ["no YAML", good.replace("write_files:", "write_files: [")],
    ["no such unit", good.replace("--no-block, tgp-bootstrap", "--no-block, other")],
    ["not executable", good.replace("'0700'", "'0600'")],
    ["other encoding", good.replace("gz+b64", "gzip")],
    ["cut base64", good.replace(/(content: "[A-Za-z0-9+/=]{100})[^"]+/, "$1")],
    ["no such script", good.replace("ExecStart=/opt", "ExecStart=/usr")],
    ["unfilled", withScript(good, (script) => script.replace(/^NODE=.*$/m, "NODE=@@NODE@@"))],
    ["unquoted", withScript(good, (script) => script.replace(/^TOKEN='(.*)'$/m, "TOKEN=$1"))],
    ["bad taint", withScript(good, (script) => script.replace("unregistered:NoExecute", "x:Y"))],
    ["no shebang", withScript(good, (script) => script.slice(2))],
  ];
  for (const [what, userData] of bad) {
    assert.notEqual(userData, good, what);
    assert.throws(() => readUserData(userData), (error: unknown) => {
      assert.ok(error instanceof UserDataFault, `${what}: ${error}`);
      assert.ok(!error.message.includes("0123456789abcdef"), error.message);
      return true;
    }, what);
  }
});

Deno.test("readUserData() reads a startup script as a shell does, and finds the same", async () => {
  await using box = await Box.start();
  const document = readUserData(box.userData());
  const script = box.userData([], "script");
  assert.deepEqual(readUserData(script, "shell"), document);
  // cloud-init goes by the first line.
  assert.deepEqual(readUserData(script), document);
});

Deno.test("readUserData() refuses a startup script that bash could not run to its end", async () => {
  await using box = await Box.start();
  const good = box.userData([], "script");
  const bad: [string, string][] = [
    ["cut off", good.slice(0, good.length / 2)],
    ["never called", good.replace("main </dev/null", "")],
    ["swallowed", good.replace("main </dev/null", "main")],
    ["endless here-document", good.replace("\nUNIT\n", "\n UNIT\n")],
    ["no such command", good.replace("hostnamectl", "hostnamecontrol")],
    ["not executable", good.replace("chmod 700", "chmod 600")],
    ["other file", good.replace("chmod 700 /opt/tgp/", "chmod 700 /opt/")],
    ["not started", good.replace("systemctl start", "systemctl status")],
    ["other unit", good.replace("--no-block tgp-bootstrap", "--no-block other")],
    ["damaged", good.replace(/^([A-Za-z0-9+/]{500})[^]{100}/m, "$1")],
    ["no base64", good.replace(/^([A-Za-z0-9+/]{500})./m, "$1*")],
    ["a document for a shell", box.userData()],
  ];
  for (const [what, userData] of bad) {
    assert.notEqual(userData, good, what);
    assert.throws(() => readUserData(userData, "shell"), (error: unknown) => {
      assert.ok(error instanceof UserDataFault, `${what}: ${error}`);
      assert.ok(!error.message.includes("0123456789abcdef"), error.message);
      return true;
    }, what);
  }
});
