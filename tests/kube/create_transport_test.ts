/**
 * The real transports against real sockets. Every case runs on both connectors: `fetch`, and the
 * fallback on `node:https` that a `tls-server-name` asks for.
 */

import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createKubeClient, type KubeClient, type KubeClientOptions } from "../../kube/client.ts";
import type { Connection } from "../../kube/connection.ts";
import { createTransport } from "../../kube/create_transport.ts";
import { configMaps } from "../../kube/resource.ts";
import { denoSystem } from "../../kube/system.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { systemRandom } from "../../runtime/random.ts";
import { buildConnection } from "../support/kube_connection.ts";
import { startConnectProxy, startRelay, startSocksProxy } from "../support/kube_proxies.ts";
import { collect } from "../support/kube_scripted.ts";
import { createAuthority, type TestAuthority } from "../support/kube_tls.ts";
import {
  sendJson,
  type Serve,
  startTlsServer,
  type TlsServer,
  toPeer,
} from "../support/kube_tls_server.ts";

const authority: TestAuthority = await createAuthority();
const serverCertificate = await authority.issue({
  commonName: "server",
  names: ["inner.test", "ip:127.0.0.1"],
});
const ref = { namespace: "ns", name: "a" };
const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...ref, resourceVersion: "1" } };

const connectors = ["fetch", "node:https"] as const;
type ConnectorName = typeof connectors[number];

/** A server with `serve`, and a way to it through a connector. */
async function setUp(connector: ConnectorName, serve: Serve) {
  const server = await startTlsServer(serverCertificate, authority.caPem, serve);
  const clients: KubeClient[] = [];
  const connect = (
    changes: Partial<Connection> = {},
    options: Partial<KubeClientOptions> = {},
  ): KubeClient => {
    const connection = buildConnection({
      server: server.url,
      trust: {
        certificateAuthority: { pem: authority.caPem },
        serverName: connector === "fetch" ? undefined : "inner.test",
        insecure: false,
      },
      ...changes,
    });
    const deps = { system: denoSystem, clock: systemClock, log: silentLog };
    const transport = createTransport(deps, connection);
    const kube = createKubeClient({
      transport,
      clock: systemClock,
      random: systemRandom,
      ...options,
    });
    clients.push(kube);
    return kube;
  };
  return {
    server,
    connect,
    async [Symbol.asyncDispose]() {
      clients.forEach((client) => client.close());
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Registers a case for both connectors. */
function onBoth(name: string, run: (connector: ConnectorName) => Promise<void>): void {
  for (const connector of connectors) {
    Deno.test(`createTransport() over ${connector} ${name}`, () => run(connector));
  }
}

const serveObject: Serve = (_request, response) => sendJson(response, object);
const isWatch = (request: IncomingMessage) => request.url?.includes("watch=true") ?? false;
const eventLine = (name: string, data = "") =>
  `${
    JSON.stringify({
      type: "ADDED",
      object: { ...object, metadata: { ...ref, name }, data: { data } },
    })
  }\n`;

/** Waits for something that happens on the other side of a socket. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 400, "it did not happen within 2 s");
    await systemClock.sleep(5);
  }
}

onBoth("reads and writes over few connections", async (connector) => {
  const bodies: string[] = [];
  await using run = await setUp(connector, (request, response) => {
    let body = "";
    request.on("data", (chunk) => body += chunk);
    request.on("end", () => {
      bodies.push(`${request.method} ${body.length}`);
      sendJson(response, object);
    });
  });
  const kube = run.connect();
  assert.equal((await kube.get(configMaps, ref)).metadata.name, "a");
  for (let n = 0; n < 100; n++) await kube.get(configMaps, ref);
  await kube.replace(configMaps, {
    ...object,
    metadata: { ...object.metadata, labels: { l: "日" } },
  });
  await kube.delete(configMaps, ref);
  assert.equal(bodies.filter((body) => body === "GET 0").length, 101);
  // `fetch` may not have put a connection back when the next request wants one.
  assert.ok(run.server.connections <= 3, `${run.server.connections} connections`);
});

onBoth("keeps few connections after a burst", async (connector) => {
  await using run = await setUp(connector, serveObject);
  const kube = run.connect();
  await Promise.all(Array.from({ length: 100 }, () => kube.get(configMaps, ref)));
  assert.ok(run.server.connections > 32, `${run.server.connections} connections`);
  await until(() => run.server.alive <= 32);
  const before = run.server.connections;
  await Promise.all(Array.from({ length: 10 }, () => kube.get(configMaps, ref)));
  assert.equal(run.server.connections, before);
});

onBoth("sends repeated headers as lines of their own, and the token", async (connector) => {
  let lines: string[] = [];
  await using run = await setUp(connector, (request, response) => {
    lines = request.rawHeaders;
    sendJson(response, object);
  });
  const kube = run.connect({
    authentication: { token: "t0ken" },
    impersonate: { user: "her", groups: ["a", "b, c"] },
  });
  await kube.get(configMaps, ref);
  const values = (name: string) => lines.filter((_, n) => lines[n - 1]?.toLowerCase() === name);
  assert.deepEqual(values("impersonate-group"), ["a", "b, c"]);
  assert.deepEqual(values("authorization"), ["Bearer t0ken"]);
  assert.match(values("user-agent").join(), /^tgp\//);
});

onBoth("shows client certificates with every kind of key", async (connector) => {
  const peers: unknown[] = [];
  await using run = await setUp(connector, (request, response) => {
    peers.push(toPeer(request));
    sendJson(response, object);
  });
  for (const rsa of [false, true]) {
    const issued = await authority.issue({ commonName: "me", organization: "team", rsa });
    for (const keyPem of [issued.keyPem, issued.traditionalKeyPem]) {
      const clientCertificate = {
        certificate: { pem: issued.certificatePem },
        key: { pem: keyPem },
      };
      await run.connect({ authentication: { clientCertificate } }).get(configMaps, ref);
    }
  }
  assert.deepEqual(peers, Array(4).fill({ commonName: "me", organization: "team" }));
});

onBoth("renews token and certificate from its plugin after 401", async (connector) => {
  const folder = await Deno.makeTempDir();
  const seen: unknown[] = [];
  await using run = await setUp(connector, (request, response) => {
    seen.push([request.headers.authorization, toPeer(request)]);
    const good = request.headers.authorization === "Bearer t2";
    sendJson(response, good ? object : { kind: "Status", code: 401 }, good ? 200 : 401);
  });
  const certificates = [
    await authority.issue({ commonName: "one" }),
    await authority.issue({ commonName: "two" }),
  ];
  for (const [index, { certificatePem, keyPem }] of certificates.entries()) {
    const status = {
      token: `t${index + 1}`,
      clientCertificateData: certificatePem,
      clientKeyData: keyPem,
    };
    const apiVersion = "client.authentication.k8s.io/v1";
    const text = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
    await Deno.writeTextFile(`${folder}/${index + 1}`, text);
  }
  const script =
    `cd ${folder}; test "$KUBERNETES_EXEC_INFO" || exit 9; cat $(ls [0-9] | head -1); rm $(ls [0-9] | head -1)`;
  const kube = run.connect({
    authentication: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "sh",
        args: ["-c", script],
        env: {},
        installHint: undefined,
        provideClusterInfo: false,
        interactiveMode: "Never",
      },
    },
  });
  await kube.get(configMaps, ref);
  await kube.get(configMaps, ref);
  assert.deepEqual(seen, [
    ["Bearer t1", { commonName: "one", organization: undefined }],
    ["Bearer t2", { commonName: "two", organization: undefined }],
    ["Bearer t2", { commonName: "two", organization: undefined }],
  ]);
  await Deno.remove(folder, { recursive: true });
});

onBoth("refuses a server that its authority did not sign", async (connector) => {
  await using run = await setUp(connector, serveObject);
  const stranger = await createAuthority();
  const serverName = connector === "fetch" ? undefined : "inner.test";
  const certificateAuthority = { pem: stranger.caPem };
  const kube = run.connect({ trust: { certificateAuthority, serverName, insecure: false } });
  await assert.rejects(kube.get(configMaps, ref), {
    name: "KubeConnectionError",
    message: new RegExp(`^Cannot reach ${run.server.url}: .*certificate`, "i"),
  });
});

onBoth("names the server that it cannot reach, and forgets the failure", async (connector) => {
  await using run = await setUp(connector, serveObject);
  const kube = run.connect();
  await run.server[Symbol.asyncDispose]();
  await assert.rejects(kube.get(configMaps, ref), {
    name: "KubeConnectionError",
    message: new RegExp(`^Cannot reach ${run.server.url}: .*refused`, "i"),
  });
});

onBoth("says that its client is closed, and closes twice", async (connector) => {
  await using run = await setUp(connector, serveObject);
  const kube = run.connect();
  await kube.get(configMaps, ref);
  kube.close();
  kube.close();
  await assert.rejects(kube.get(configMaps, ref), /client is closed$/);
});

onBoth("reads a watch that comes in pieces, until the server ends it", async (connector) => {
  const bytes = new TextEncoder().encode(["a", "b", "c"].map((n) => eventLine(n, "日本")).join(""));
  await using run = await setUp(connector, async (_request, response) => {
    for (let at = 0; at < bytes.length; at += 7) {
      response.write(bytes.slice(at, at + 7));
      if (at % 35 === 0) await systemClock.sleep(1);
    }
    response.end();
  });
  const events = await collect(run.connect().watch(configMaps, { resourceVersion: "1" }));
  assert.deepEqual(
    events.map((event) => event.type === "ADDED" && event.object.data?.data),
    ["日本", "日本", "日本"],
  );
});

const failures: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
  ["is reset", (response) => void response.socket?.destroy(), /broke off: /],
  ["ends within an event", (response) => void response.end('{"type"'), /broke off: /],
  ["goes silent", () => {}, /was silent for 0.2 s/],
];
for (const [name, fail, message] of failures) {
  onBoth(`reports that a watch ${name}, after its events`, async (connector) => {
    await using run = await setUp(connector, async (_request, response) => {
      response.write(eventLine("a"));
      await systemClock.sleep(20);
      fail(response);
    });
    const kube = run.connect({}, { watchIdleLimitMs: 200 });
    let seen = 0;
    const reading = (async () => {
      for await (const _event of kube.watch(configMaps, { resourceVersion: "1" })) seen++;
    })();
    await assert.rejects(reading, message);
    assert.equal(seen, 1);
    await until(() => run.server.open === 0);
  });
}

onBoth("lets go of a watch that is aborted or no longer read", async (connector) => {
  await using run = await setUp(connector, (_request, response) => {
    response.write(eventLine("a"));
  });
  const kube = run.connect();
  const stop = new AbortController();
  const options = { resourceVersion: "1", signal: stop.signal };
  const aborted = assert.rejects(collect(kube.watch(configMaps, options)), /told to stop/);
  await until(() => run.server.open === 1);
  stop.abort(new Error("told to stop"));
  await aborted;
  await until(() => run.server.open === 0);
  for await (const _event of kube.watch(configMaps, { resourceVersion: "1" })) break;
  await until(() => run.server.open === 0);
});

// Not over node:https, see its connector.
Deno.test("createTransport() over fetch makes a server wait whose watch is not read", async () => {
  const chunk = eventLine("a", "x".repeat(60_000));
  let written = 0;
  await using run = await setUp("fetch", (_request, response) => {
    const more = () => {
      while (!response.destroyed && written < 2_000 && response.write(chunk)) written++;
      response.once("drain", more);
    };
    more();
  });
  const kube = run.connect();
  for await (const _event of kube.watch(configMaps, { resourceVersion: "1" })) {
    await systemClock.sleep(300);
    break;
  }
  // Of 120 MB only what fits into the buffers of both sides was sent.
  assert.ok(written < 500, `${written} events sent to a reader who read one`);
});

onBoth("is not held up by a connection that died silently", async (connector) => {
  await using run = await setUp(connector, (request, response) => {
    if (isWatch(request)) response.write(eventLine("a"));
    else sendJson(response, object);
  });
  await using relay = await startRelay(run.server.port);
  const server = `https://127.0.0.1:${relay.port}`;
  const kube = run.connect({ server }, { requestTimeoutMs: 1_000, watchIdleLimitMs: 1_200 });
  const watching = assert.rejects(collect(kube.watch(configMaps, { resourceVersion: "1" })), {
    name: "WatchSilenceError",
  });
  await until(() => run.server.open === 1);
  // A second connection, which lies idle when they die.
  await kube.get(configMaps, ref);
  assert.equal(run.server.connections, 2);
  relay.swallow();
  await assert.rejects(kube.get(configMaps, ref), { name: "KubeTimeoutError" });
  await kube.get(configMaps, ref);
  await watching;
  await kube.get(configMaps, ref);
});

onBoth("does not break what is under way when another request times out", async (connector) => {
  await using run = await setUp(connector, async (request, response) => {
    if (request.url?.endsWith("/never")) return;
    if (isWatch(request)) {
      response.write(eventLine("a"));
      await systemClock.sleep(1_500);
      response.end(eventLine("b"));
    } else {
      await systemClock.sleep(700);
      sendJson(response, object);
    }
  });
  const kube = run.connect({}, { requestTimeoutMs: 1_000 });
  const watching = collect(kube.watch(configMaps, { resourceVersion: "1" }));
  const timingOut = assert.rejects(kube.getRaw("/never"), { name: "KubeTimeoutError" });
  await systemClock.sleep(500);
  const slow = kube.get(configMaps, ref);
  await timingOut;
  await slow;
  assert.equal((await watching).length, 2);
});

onBoth("goes through an HTTP proxy that wants a password", async (connector) => {
  await using run = await setUp(connector, serveObject);
  await using proxy = await startConnectProxy("me:p w");
  const kube = run.connect({ proxyUrl: `http://me:p%20w@127.0.0.1:${proxy.port}` });
  for (let n = 0; n < 5; n++) await kube.get(configMaps, ref);
  assert.deepEqual(proxy.targets, [`127.0.0.1:${run.server.port}`]);
  const stranger = run.connect({ proxyUrl: `http://me:secret@127.0.0.1:${proxy.port}` });
  await assert.rejects(stranger.get(configMaps, ref), (error: Error) => {
    assert.equal(error.name, "KubeConnectionError");
    assert.match(error.message, /through the proxy/);
    assert.ok(!error.message.includes("secret"));
    return true;
  });
});

Deno.test("createTransport() over fetch goes through a SOCKS proxy", async () => {
  await using run = await setUp("fetch", serveObject);
  await using proxy = await startSocksProxy();
  await run.connect({ proxyUrl: `socks5://127.0.0.1:${proxy.port}` }).get(configMaps, ref);
  assert.deepEqual(proxy.targets, [`127.0.0.1:${run.server.port}`]);
});

Deno.test("createTransport() over node:https says that it cannot use a SOCKS proxy", async () => {
  await using run = await setUp("node:https", serveObject);
  const kube = run.connect({ proxyUrl: "socks5://127.0.0.1:1080" });
  await assert.rejects(kube.get(configMaps, ref), { name: "KubeconfigError", message: /socks5/ });
});

Deno.test("createTransport() checks tls-server-name instead of the host", async () => {
  await using run = await setUp("node:https", serveObject);
  const certificateAuthority = { pem: authority.caPem };
  const trust = { certificateAuthority, serverName: "other.test", insecure: false };
  await assert.rejects(run.connect({ trust }).get(configMaps, ref), {
    name: "KubeConnectionError",
    message: /other\.test/,
  });
});

Deno.test("createTransport() skips the check when told, and only then", async () => {
  const foreign = await (await createAuthority()).issue({ commonName: "x", names: ["no.test"] });
  await using server: TlsServer = await startTlsServer(foreign, authority.caPem, serveObject);
  await using run = await setUp("fetch", serveObject);
  const issued = await authority.issue({ commonName: "me" });
  const trust = { certificateAuthority: undefined, serverName: undefined, insecure: true };
  const clientCertificate = {
    certificate: { pem: issued.certificatePem },
    key: { pem: issued.keyPem },
  };
  const authentication = { clientCertificate, token: "t" };
  await run.connect({ server: server.url, trust, authentication }).get(configMaps, ref);
  await assert.rejects(run.connect({ server: server.url }).get(configMaps, ref), {
    name: "KubeConnectionError",
  });
});

Deno.test("createTransport() speaks plain HTTP, without credentials", async () => {
  const seen: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json(object);
  });
  await using run = await setUp("fetch", serveObject);
  const kube = run.connect({
    server: `http://127.0.0.1:${server.addr.port}`,
    authentication: { token: "secret" },
  });
  await kube.get(configMaps, ref);
  assert.deepEqual(seen, [null]);
  kube.close();
  await server.shutdown();
});

const unusable: readonly (readonly [string, Partial<Connection>, RegExp])[] = [
  ["authority", {
    trust: { certificateAuthority: { pem: "x" }, serverName: undefined, insecure: false },
  }, /^Cannot use the certificate-authority of context "test": it holds no PEM certificate$/],
  ["client certificate", {
    authentication: { clientCertificate: { certificate: { pem: "x" }, key: { pem: "y" } } },
  }, /^Cannot use the certificates of context "test": /],
  ["missing file", {
    authentication: {
      clientCertificate: { certificate: { file: "/no/cert" }, key: { file: "/no/key" } },
    },
  }, /^Cannot read the credential "\/no\/cert": /],
];
for (const [name, changes, message] of unusable) {
  Deno.test(`createTransport() says what is wrong with an unusable ${name}`, async () => {
    await using run = await setUp("fetch", serveObject);
    await assert.rejects(run.connect(changes).get(configMaps, ref), {
      name: "KubeCredentialError",
      message,
    });
  });
}
