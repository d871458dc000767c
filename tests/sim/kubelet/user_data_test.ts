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
