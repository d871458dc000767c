import assert from "node:assert/strict";
import { addFinalizer, removeFinalizer } from "../../kube/finalizers.ts";
import { configMaps } from "../../kube/resource.ts";
import type { ConfigMap } from "../../schemas/kubernetes.ts";
import { createScriptedKube, json, status } from "../support/kube_scripted.ts";

const build = (finalizers?: string[]): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "ns", uid: "u", resourceVersion: "7", finalizers },
});

Deno.test("addFinalizer() adds to what is there, locked by version", async () => {
  const { kube, requests } = createScriptedKube(() => json(build(["other", "mine"])));
  const now = await addFinalizer(kube, configMaps, build(["other"]), "mine");
  assert.deepEqual(now.metadata.finalizers, ["other", "mine"]);
  assert.deepEqual(await requests[0]?.json(), {
    metadata: { uid: "u", resourceVersion: "7", finalizers: ["other", "mine"] },
  });
});

Deno.test("addFinalizer() and removeFinalizer() write nothing when nothing changes", async () => {
  const { kube, requests } = createScriptedKube(() => status(500, "InternalError"));
  const object = build(["mine"]);
  assert.equal(await addFinalizer(kube, configMaps, object, "mine"), object);
  await removeFinalizer(kube, configMaps, build(), "mine");
  assert.equal(requests.length, 0);
});

Deno.test("removeFinalizer() leaves the others, and is well with an object that is gone", async () => {
  const answers = [json(build(["other"])), status(404, "NotFound"), status(409, "Conflict")];
  const { kube, requests } = createScriptedKube(() => answers.shift() ?? json({}));
  const object = build(["mine", "other"]);
  await removeFinalizer(kube, configMaps, object, "mine");
  assert.deepEqual((await requests[0]?.json()).metadata.finalizers, ["other"]);
  await removeFinalizer(kube, configMaps, object, "mine");
  await assert.rejects(removeFinalizer(kube, configMaps, object, "mine"), { code: 409 });
});
