import assert from "node:assert/strict";
import {
  createSecretReader,
  type CredentialScope,
  readCredential,
} from "../../../controller/node_class/credentials.ts";
import { KubeConnectionError } from "../../../kube/errors.ts";
import { namespaces, secrets } from "../../../kube/resource.ts";
import type { Secret } from "../../../schemas/kubernetes.ts";
import type { ProviderEntry } from "../../../schemas/node_class.ts";
import { cut } from "../../../sim/handler.ts";
import { ControllerWorld, never, testNamespace } from "../../support/controller_world.ts";
import { buildEntry } from "../../support/scripted_provider.ts";

const scope: CredentialScope = { namespace: testNamespace, allowedNamespaces: ["team-a"] };

async function putSecret(
  world: ControllerWorld,
  stringData: Record<string, string>,
  namespace = testNamespace,
): Promise<void> {
  const metadata = { name: "lambda-key", namespace };
  const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata, stringData };
  await world.kube.create(secrets, secret);
}

function entry(ref: Partial<ProviderEntry["credentialsRef"]> = {}): ProviderEntry {
  return buildEntry({ credentialsRef: { name: "lambda-key", key: "apiKey", ...ref } });
}

Deno.test("readCredential() reads the key from the controller's namespace", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { apiKey: "secret_key" });
  const found = await readCredential(createSecretReader(world.kube, never), entry(), scope);
  assert.deepEqual(found, { kind: "found", apiKey: "secret_key" });
});

Deno.test("readCredential() ignores white space round the key, as editors leave it", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { apiKey: " secret_key\n" });
  const found = await readCredential(createSecretReader(world.kube, never), entry(), scope);
  assert.deepEqual(found, { kind: "found", apiKey: "secret_key" });
});

Deno.test("readCredential() reads from a namespace that the operator allowed", async () => {
  using world = await ControllerWorld.create();
  await world.kube.create(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "team-a" },
  });
  await putSecret(world, { apiKey: "theirs" }, "team-a");
  const found = await readCredential(
    createSecretReader(world.kube, never),
    entry({ namespace: "team-a" }),
    scope,
  );
  assert.deepEqual(found, { kind: "found", apiKey: "theirs" });
});

Deno.test("readCredential() says which Secret there is not", async () => {
  using world = await ControllerWorld.create();
  assert.deepEqual(await readCredential(createSecretReader(world.kube, never), entry(), scope), {
    kind: "missing",
    problem: {
      reason: "SecretNotFound",
      message:
        'failed to get credential secret tgp-system/lambda-key: secrets "lambda-key" not found',
    },
  });
});

Deno.test("readCredential() says which key a Secret does not have, and names no other", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { other: "hidden" });
  assert.deepEqual(await readCredential(createSecretReader(world.kube, never), entry(), scope), {
    kind: "missing",
    problem: {
      reason: "SecretKeyNotFound",
      message: "credential key apiKey not found in secret tgp-system/lambda-key",
    },
  });
});

Deno.test("readCredential() takes an empty key for a missing one", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { apiKey: " \n" });
  assert.deepEqual(await readCredential(createSecretReader(world.kube, never), entry(), scope), {
    kind: "missing",
    problem: {
      reason: "SecretKeyNotFound",
      message: "credential key apiKey is empty in secret tgp-system/lambda-key",
    },
  });
});

Deno.test("readCredential() asks for no Secret in a namespace that is not allowed", async () => {
  using world = await ControllerWorld.create();
  let requests = 0;
  world.server.addHook({ before: () => void requests++ });
  const read = await readCredential(
    createSecretReader(world.kube, never),
    entry({ namespace: "kube-system" }),
    scope,
  );
  assert.equal(read.kind === "missing" && read.problem.reason, "SecretNamespaceNotAllowed");
  assert.match(
    read.kind === "missing" ? read.problem.message : "",
    /kube-system\/lambda-key .*--credential-namespaces=kube-system/,
  );
  assert.equal(requests, 0);
});

Deno.test("readCredential() does not take an API server that is away for a missing Secret", async () => {
  using world = await ControllerWorld.create();
  world.server.addHook({ before: () => cut });
  await assert.rejects(
    readCredential(createSecretReader(world.kube, never), entry(), scope),
    KubeConnectionError,
  );
});

Deno.test("readCredential() does not take an API server that cannot answer for a missing Secret", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { apiKey: "secret_key" });
  const refuse = () => Response.json({ kind: "Status", message: "etcd" }, { status: 500 });
  world.server.addHook({ before: refuse });
  await assert.rejects(
    readCredential(createSecretReader(world.kube, never), entry(), scope),
    { code: 500 },
  );
});

Deno.test("createSecretReader() asks once for a Secret that several entries have their keys in", async () => {
  using world = await ControllerWorld.create();
  await putSecret(world, { apiKey: "one", other: "two" });
  let requests = 0;
  world.server.addHook({ before: () => void requests++ });
  const readSecret = createSecretReader(world.kube, never);
  const found = await Promise.all(
    ["apiKey", "other"].map((key) => readCredential(readSecret, entry({ key }), scope)),
  );
  assert.deepEqual(found.map((each) => each.kind === "found" && each.apiKey), ["one", "two"]);
  assert.equal(requests, 1);
});
