import assert from "node:assert/strict";
import { createCertificateMaker } from "../../controller/admission/serving/certificates/certificate_maker.ts";
import { leafValidity } from "../../controller/admission/serving/certificates/decide_rotation.ts";
import {
  parseStored,
  toSecretData,
} from "../../controller/admission/serving/certificates/stored_certificates.ts";
import {
  readTrusted,
  type WebhookConfiguration,
  webhookConfigurations,
} from "../../controller/admission/serving/certificates/webhook_configuration.ts";
import { certificatesName, configurationName } from "../../controller/admission/serving/names.ts";
import { isNotFound, type Kube, KubeError } from "../../kube/kube.ts";
import { secrets } from "../../kube/resource.ts";
import { nodeClasses } from "../../kube/tgp_resources.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import { startControlPlane } from "./control_plane/control_plane.ts";
import { waitFor } from "./control_plane/wait.ts";
import { connectAsAdmin } from "./kubelet_fixture.ts";
import { Product } from "./product.ts";

const secretRef = { name: certificatesName, namespace: "tgp-system" };
const configurationRef = { name: configurationName };

/** Asks the API server for what the webhook refuses, again and again. */
async function keepAsking(kube: Kube, signal: AbortSignal) {
  const wrong = {
    apiVersion: "tgp.io/v1",
    kind: "GPUNodeClass",
    metadata: { name: "wrong" },
    spec: { providers: [{ name: "aws", credentialsRef: { name: "keys", key: "aws" } }] },
  };
  let refusals = 0;
  const failures = new Set<string>();
  while (!signal.aborted) {
    try {
      await kube.create(nodeClasses, wrong);
      failures.add("it was stored");
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.message.includes("unsupported provider: aws")) refusals++;
      else failures.add(error.message);
    }
  }
  return { refusals, failures: [...failures] };
}

/** Puts another leaf of the same authority into the Secret. */
async function renewLeaf(kube: Kube): Promise<void> {
  const secret = await kube.get(secrets, secretRef);
  const stored = parseStored(secret.data);
  assert.ok(stored.kind === "usable");
  const { authorities: [signer], authorityKeyPem, leaf } = stored.certificates;
  const renewed = await createCertificateMaker().makeLeaf(
    { certificatePem: signer.pem, privateKeyPem: authorityKeyPem },
    leaf.hosts,
    leafValidity(Date.now(), signer),
  );
  const data = toSecretData({
    authoritiesPem: [signer.pem],
    authorityKeyPem,
    leaf: renewed,
  });
  const replaced: Secret = { ...secret, data };
  await kube.replace(secrets, replaced);
}

/** Lines of the controller's log that say that another certificate is served. */
function changesOf({ log }: Product): number {
  return log.join("").split(`"message":"Serving the webhook's certificate"`).length - 1;
}

Deno.test("API servers trust the webhook through all its certificates", async (t) => {
  await using plane = await startControlPlane();
  await using product = new Product(plane, {
    behaviour: { throttles: false },
    stock: {},
  }, { webhook: true });
  await product.install();
  await product.startController();
  await product.awaitReady();
  const kube = await connectAsAdmin(plane);
  const stop = new AbortController();
  const asking = keepAsking(kube, stop.signal);

  await t.step(
    "the configuration trusts one authority, and nothing else of it is ours",
    async () => {
      const configuration = await kube.get(webhookConfigurations, configurationRef);
      assert.equal(readTrusted(configuration).length, 1);
      const { metadata }: WebhookConfiguration & { metadata: { managedFields?: unknown } } =
        configuration;
      const owned = Array.isArray(metadata.managedFields)
        ? metadata.managedFields.find(({ manager }) => manager === "tgp-webhook")
        : undefined;
      assert.equal(owned?.operation, "Apply");
      assert.deepEqual(owned?.fieldsV1, {
        "f:webhooks": {
          'k:{"name":"validate.tgp.io"}': {
            ".": {},
            "f:name": {},
            "f:clientConfig": { "f:caBundle": {} },
          },
        },
      });
    },
  );

  await t.step("a bundle that was read before somebody else's write is not applied", async () => {
    const { metadata } = await kube.get(webhookConfigurations, configurationRef);
    const bundle = (resourceVersion: string | undefined) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { ...configurationRef, resourceVersion },
      webhooks: [{ name: "validate.tgp.io", clientConfig: {} }],
    });
    await kube.patch(webhookConfigurations, configurationRef, {
      metadata: { annotations: { touched: "yes" } },
    });
    await assert.rejects(
      kube.apply(webhookConfigurations, bundle(metadata.resourceVersion), {
        fieldManager: "late",
        force: true,
      }),
      (error: KubeError) => error.code === 409,
    );
  });

  await t.step("a new leaf is served", async () => {
    await renewLeaf(kube);
    await waitFor("the next leaf", () => changesOf(product) >= 2 || undefined, 30_000);
  });

  await t.step("a lost Secret is replaced, and both authorities are trusted", async () => {
    await kube.delete(secrets, secretRef);
    await waitFor("both to be trusted", async () => {
      const trusted = readTrusted(await kube.get(webhookConfigurations, configurationRef));
      return trusted.length === 2 || undefined;
    }, 30_000);
    // Not before every API server can have heard of the new one.
    await waitFor("the next leaf", () => changesOf(product) >= 3 || undefined, 60_000);
  });

  await t.step("nobody was ever refused for another reason than the webhook's", async () => {
    stop.abort();
    const { refusals, failures } = await asking;
    assert.deepEqual(failures, []);
    assert.ok(refusals > 100, `${refusals} refusals`);
    await assert.rejects(kube.get(nodeClasses, { name: "wrong" }), isNotFound);
  });

  kube.close();
  assert.equal(await product.stopController("SIGTERM"), 0);
});
