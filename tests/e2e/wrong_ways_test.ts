/**
 * The twenty-five wrong ways on a real control plane, through the real kubectl: the answers are those of the
 * page, which the box gives, too.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createAdmissionApp } from "../../controller/admission/admission_app.ts";
import { createLocalContext } from "../../controller/admission/context/local_context.ts";
import { createCaches, runCaches } from "../../controller/caches.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { createCertificateAuthority } from "../../sim/api_server/certificates/certificate_authority.ts";
import { asArray, asObject, type Json } from "../../sim/api_server/json.ts";
import { serveHttps } from "../../sim/api_server/serve/serve_https.ts";
import { putSurroundings, readManifest, soundObjects } from "../support/admission_world.ts";
import { readWrongWays } from "../support/wrong_ways.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";

const namespace = "tgp-system";
const crds = new URL("../../manifests/crds/", import.meta.url).pathname;

/** The lines of an answer, in an order of ours: a real server lists fields in any. */
function toLines(answer: string | undefined): readonly string[] {
  return (answer ?? "").split("\n").map((line) => line.trimEnd()).sort();
}

/** Applies objects. @throws If kubectl says anything but that it did. */
async function apply(plane: ControlPlane, stdin: string): Promise<void> {
  const { code, stderr } = await plane.runKubectl(["apply", "-f", "-"], { stdin });
  assert.deepEqual([code, stderr], [0, ""]);
}

/** The webhook's configuration as it is installed, at another address. */
async function configureWebhook(url: string, certificatePem: string): Promise<Json> {
  const configuration = asObject(await readManifest("webhook/configuration.yaml"));
  const clientConfig = { url, caBundle: btoa(certificatePem) };
  const webhooks = asArray(configuration.webhooks).map((one) => ({
    ...asObject(one),
    clientConfig,
  }));
  return { ...configuration, webhooks };
}

Deno.test("the wrong ways on a real control plane", async (t) => {
  await using plane = await startControlPlane();
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const kube = await connectAsAdmin(plane);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => kube.close());
  cleanup.defer(async () => {
    stop.abort();
    await Promise.all(running);
  });

  await plane.kubectl("apply", "-f", crds);
  await plane.kubectl("create", "namespace", namespace);
  await waitFor("the kinds", async () => (await plane.kubectl("get", "tgp")).code === 0);
  await putSurroundings(kube);
  await apply(plane, soundObjects);

  const deps = {
    kube,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    metrics: silentMetrics,
  };
  const caches = createCaches(deps);
  const local = createLocalContext(deps, caches, { namespace, allowedNamespaces: [] });
  running.push(runCaches(caches, stop.signal), local.run(stop.signal));
  const app = createAdmissionApp({
    context: local.context,
    isReady: local.hasSynced,
    log: silentLog,
    metrics: silentMetrics,
    monotonicMs: () => performance.now(),
  });
  const authority = await createCertificateAuthority();
  const identity = await authority.issueServer({ commonName: "webhook" }, ["127.0.0.1"]);
  const server = await serveHttps(async (request) => await app.fetch(request), {
    ...identity,
    clientCaPem: authority.certificatePem,
  });
  cleanup.defer(() => server.close());
  await waitFor("the local copies", () => {
    const { secret } = local.context;
    return Promise.resolve(
      local.hasSynced() && secret(namespace, "cloud-credentials") !== "unknown",
    );
  });
  const url = `https://127.0.0.1:${server.port}/validate`;
  const configuration = await configureWebhook(url, authority.certificatePem);
  await apply(plane, JSON.stringify(configuration));

  const { ways } = await readWrongWays();
  const ask = async (stdin: string) => {
    const { stdout, stderr } = await plane.runKubectl(
      ["apply", "--dry-run=server", "-f", "-"],
      { stdin },
    );
    // Where an object came from is kubectl's to say, and no part of the answer.
    return `${stderr}${stdout}`.replace(
      /error when (creating|applying patch).*?(STDIN"?|for): /s,
      "",
    )
      .trimEnd();
  };
  const [first] = ways;
  await waitFor(
    "the webhook is in force",
    async () => (await ask(first?.yaml ?? "")).includes("unsupported provider"),
  );
  for (const { heading, yaml, answer } of ways) {
    await t.step(heading, async () => assert.deepEqual(toLines(await ask(yaml)), toLines(answer)));
  }
});
