import assert from "node:assert/strict";
import type { Connection } from "../../kube/connection.ts";
import { createCredentialSource } from "../../kube/credentials.ts";
import type { ExecConfig } from "../../kube/exec_config.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { buildConnection, buildExecConfig } from "../support/kube_connection.ts";
import { FakeSystem } from "../support/kube_fake_system.ts";
import { createRecordingLog } from "../support/kube_recording_log.ts";

const secret = "s3cr3t";

function create(exec: Partial<ExecConfig> = {}, changes: Partial<Connection> = {}) {
  const system = new FakeSystem();
  const clock = new FakeClock();
  const connection = buildConnection({
    ...changes,
    authentication: { ...changes.authentication, exec: buildExecConfig(exec) },
  });
  const source = createCredentialSource({ system, clock, log: createRecordingLog() }, connection);
  return { system, clock, source };
}

/** The output of a plugin that works. */
function print(status: Record<string, unknown>, version = "v1") {
  const apiVersion = `client.authentication.k8s.io/${version}`;
  const stdout = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
  return () => Promise.resolve({ code: 0, stdout });
}
const at = (clock: FakeClock, ms: number) => new Date(clock.now() + ms).toISOString();

Deno.test("createExecCredentials() runs the plugin as the kubeconfig says", async () => {
  const { system, source } = create();
  system.outputs.push(print({ token: "t" }));
  assert.deepEqual(await source.get(), {
    headers: [["authorization", "Bearer t"]],
    certificate: undefined,
  });
  const [run] = system.runs;
  assert.deepEqual([run?.command, run?.args, run?.env.REGION, run?.inheritStdin], [
    "login",
    ["--fast"],
    "x",
    false,
  ]);
  assert.deepEqual(system.execInfo, {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false },
  });
});

Deno.test("createExecCredentials() tells the plugin about the cluster if it wants to know", async () => {
  const { system, source } = create({
    provideClusterInfo: true,
    apiVersion: "client.authentication.k8s.io/v1beta1",
  }, {
    trust: { certificateAuthority: { file: "/ca" }, serverName: "inner", insecure: false },
    proxyUrl: "http://proxy:3128",
    execPluginConfig: { audience: "a" },
  });
  system.files.set("/ca", "CA\n");
  system.outputs.push(print({ token: "t" }, "v1beta1"));
  await source.get();
  assert.deepEqual(system.execInfo, {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    spec: {
      interactive: false,
      cluster: {
        server: "https://api.test",
        "tls-server-name": "inner",
        "certificate-authority-data": "Q0EK",
        "proxy-url": "http://proxy:3128",
        config: { audience: "a" },
      },
    },
  });
});

Deno.test("createExecCredentials() lets the plugin ask only where it may and somebody is there", async () => {
  const modes: readonly (readonly [ExecConfig["interactiveMode"], boolean, boolean])[] = [
    ["Never", true, false],
    ["Never", false, false],
    ["IfAvailable", true, true],
    ["IfAvailable", false, false],
    ["Always", true, true],
  ];
  for (const [interactiveMode, terminal, interactive] of modes) {
    const { system, source } = create({ interactiveMode });
    system.terminal = terminal;
    system.outputs.push(print({ token: "t" }));
    await source.get();
    assert.equal(system.runs[0]?.inheritStdin, interactive, `${interactiveMode} ${terminal}`);
  }
  const { system, source } = create({ interactiveMode: "Always" });
  await assert.rejects(source.get(), {
    message: 'Cannot run credential plugin "login" of context "test": ' +
      "it must ask the user (interactiveMode Always), but standard input is no terminal",
  });
  assert.equal(system.runs.length, 0);
});

Deno.test("createExecCredentials() keeps a credential until shortly before it expires", async () => {
  const { system, clock, source } = create();
  system.outputs.push(
    print({ token: "one", expirationTimestamp: at(clock, 3_600_000) }),
    print({ token: "two" }),
  );
  const one = await source.get();
  await clock.advance(3_589_999);
  assert.equal(await source.get(), one);
  await clock.advance(1);
  assert.deepEqual((await source.get()).headers, [["authorization", "Bearer two"]]);
  await clock.advance(1_000_000_000);
  await source.get();
  assert.equal(system.runs.length, 2);
});

Deno.test("createExecCredentials() runs the plugin again after a refusal, once for all", async () => {
  const { system, source } = create();
  system.outputs.push(print({ token: "one" }), print({ token: "two" }));
  const one = await source.get();
  const renewed = await Promise.all(Array.from({ length: 9 }, () => source.get(undefined, one)));
  assert.equal(new Set(renewed).size, 1);
  assert.equal(system.runs.length, 2);
  // A late refusal of the old credential does not throw the new one away.
  assert.equal(await source.get(undefined, one), renewed[0]);
  assert.equal(system.runs.length, 2);
});

Deno.test("createExecCredentials() runs one plugin at a time, which outlives who gives up", async () => {
  const { system, clock, source } = create();
  const slow = Promise.withResolvers<{ code: number; stdout: string }>();
  system.outputs.push(() => slow.promise, print({ token: "never asked for" }));
  const impatient = new AbortController();
  const gaveUp = assert.rejects(source.get(impatient.signal), /no time/);
  const patient = source.get();
  await clock.settle();
  impatient.abort(new Error("no time"));
  await gaveUp;
  slow.resolve(await print({ token: "t" })());
  assert.deepEqual((await patient).headers, [["authorization", "Bearer t"]]);
  assert.equal(system.runs.length, 1);
});

Deno.test("createExecCredentials() tries anew after a failed run", async () => {
  const { system, source } = create();
  system.outputs.push(() => Promise.resolve({ code: 1, stdout: "" }), print({ token: "t" }));
  await assert.rejects(source.get());
  assert.deepEqual((await source.get()).headers, [["authorization", "Bearer t"]]);
});

Deno.test("createExecCredentials() ends a plugin that hangs, but lets a person take time", async () => {
  const hanging = () => new Promise<never>(() => {});
  const alone = create();
  alone.system.outputs.push(hanging);
  const failed = assert.rejects(alone.source.get(), /did not end within 60 s$/);
  await alone.clock.advance(60_000);
  await failed;

  const attended = create({ interactiveMode: "IfAvailable" });
  attended.system.terminal = true;
  const login = Promise.withResolvers<{ code: number; stdout: string }>();
  attended.system.outputs.push(() => login.promise);
  const got = attended.source.get();
  await attended.clock.advance(3_600_000);
  login.resolve(await print({ token: "t" })());
  await got;
});

Deno.test("createExecCredentials() uses a printed certificate, and else the configured one", async () => {
  const authentication = {
    clientCertificate: { certificate: { pem: "CC" }, key: { pem: "CK" } },
  };
  const { system, source } = create({}, { authentication });
  system.outputs.push(
    print({ token: "t" }),
    print({ clientCertificateData: "PC", clientKeyData: "PK" }),
  );
  const first = await source.get();
  assert.deepEqual(first.certificate, { certificatePem: "CC", keyPem: "CK" });
  const second = await source.get(undefined, first);
  assert.deepEqual(second.certificate, { certificatePem: "PC", keyPem: "PK" });
  assert.deepEqual(second.headers, []);
});

const outputs: readonly (readonly [string, () => Promise<{ code: number; stdout: string }>])[] = [
  [
    "it exited with code 3: get it at example.com",
    () => Promise.resolve({ code: 3, stdout: secret }),
  ],
  [
    "there is no such command: get it at example.com",
    () => Promise.reject(new Deno.errors.NotFound(`no ${secret}`)),
  ],
  [
    "PermissionDenied: get it at example.com",
    () => Promise.reject(new Deno.errors.PermissionDenied(`no ${secret}`)),
  ],
  ["its output cannot be used: it is not JSON", () => Promise.resolve({ code: 0, stdout: secret })],
  [
    "its output cannot be used: it is no ExecCredential",
    () => Promise.resolve({ code: 0, stdout: "{}" }),
  ],
  [
    "its output cannot be used: its apiVersion is not client.authentication.k8s.io/v1",
    print({ token: secret }, "v1beta1"),
  ],
  [
    "its output cannot be used: status has neither token nor clientCertificateData",
    print({ expirationTimestamp: "2026-01-01T00:00:00Z" }),
  ],
  [
    "its output cannot be used: status has only one of clientCertificateData and clientKeyData",
    print({ token: secret, clientKeyData: secret }),
  ],
  [
    "its output cannot be used: status.token must be a string, not a list",
    print({ token: [secret] }),
  ],
  [
    "its output cannot be used: status.expirationTimestamp is not a timestamp",
    print({ token: secret, expirationTimestamp: "soon" }),
  ],
];
for (const [problem, output] of outputs) {
  Deno.test(`createExecCredentials() fails without leaking: ${problem}`, async () => {
    const { system, source } = create({ installHint: "get it at example.com\n" });
    system.outputs.push(output);
    await assert.rejects(source.get(), (error: Error) => {
      assert.equal(error.name, "KubeCredentialError");
      assert.equal(
        error.message,
        `Cannot run credential plugin "login" of context "test": ${problem}`,
      );
      assert.ok(!String(error.stack).includes(secret));
      return true;
    });
  });
}
