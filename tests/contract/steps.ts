/**
 * Steps that many cases share.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, asString, getIn, type Json } from "../../sim/api_server/json.ts";
import type {
  ContractClient,
  ContractCluster,
  ContractEvent,
  ContractRequest,
  ContractResponse,
  ContractWatch,
} from "./cluster.ts";

/** How often something is looked at before it counts as not happening: some ten seconds. */
const attempts = 200;

/** Sends a request that must succeed. @returns Its body. */
export async function send(
  client: ContractClient,
  method: string,
  path: string,
  request: ContractRequest = {},
): Promise<Json> {
  const response = await client.request(method, path, request);
  assert.ok(
    response.status < 300,
    `${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`,
  );
  return response.body;
}

/** Checks a refusal: its status, reason and (if given) text. */
export function assertRefused(
  response: ContractResponse,
  code: number,
  reason: string,
  message?: string | RegExp,
): void {
  const actual = asString(getIn(response.body, "message")) ?? "";
  assert.equal(response.status, code, `answer: ${JSON.stringify(response.body)}`);
  assert.equal(getIn(response.body, "kind"), "Status");
  assert.equal(getIn(response.body, "status"), "Failure");
  assert.equal(getIn(response.body, "reason"), reason);
  assert.equal(getIn(response.body, "code"), code);
  if (typeof message === "string") assert.equal(actual, message);
  else if (message) assert.match(actual, message);
}

/** Waits until `look` gives something. @throws {AssertionError} If it does not in time. */
export async function eventually<T>(
  cluster: ContractCluster,
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await look();
    if (found !== undefined) return found;
    await cluster.pause();
  }
  throw new assert.AssertionError({ message: `never happened: ${what}` });
}

/** The next event of a watch, bookmarks aside unless asked for. */
export function nextEvent(
  cluster: ContractCluster,
  watch: ContractWatch,
  { bookmarks = false } = {},
): Promise<ContractEvent> {
  return eventually(cluster, "an event", () => {
    for (;;) {
      const event = watch.poll();
      if (event === "ended") throw new assert.AssertionError({ message: "the watch ended" });
      if (event?.type === "BOOKMARK" && !bookmarks) continue;
      return event;
    }
  });
}

/** Makes a namespace, with the service account that pods need. @returns Its name. */
export async function makeNamespace(cluster: ContractCluster): Promise<string> {
  const name = cluster.unique("ns");
  await send(cluster, "POST", "/api/v1/namespaces", { body: { metadata: { name } } });
  await eventually(cluster, "the default service account", async () => {
    const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    return (await cluster.request("GET", path)).status === 200 ? true : undefined;
  });
  return name;
}

/** Makes a ConfigMap. @returns It, as stored. */
export function makeConfigMap(
  client: ContractClient,
  namespace: string,
  name: string,
  rest: Readonly<Record<string, Json>> = {},
): Promise<Json> {
  const { metadata, ...body } = rest;
  return send(client, "POST", `/api/v1/namespaces/${namespace}/configmaps`, {
    body: { metadata: { name, ...asObject(metadata) }, ...body },
  });
}

/** A pod of one container. */
export function podBody(name: string, rest: Readonly<Record<string, Json>> = {}): Json {
  const { metadata, ...spec } = rest;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...asObject(metadata) },
    spec: { containers: [{ name: "main", image: "registry.test/app:1" }], ...spec },
  };
}

/** The names of a list's items. */
export function namesOf(list: Json): readonly string[] {
  return asArray(getIn(list, "items")).map((item) =>
    asString(getIn(item, "metadata", "name")) ?? ""
  );
}

/** A text in an object, or the empty one. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  return asString(getIn(value, ...path)) ?? "";
}

/** The condition of a type, if the object has it. */
export function findCondition(object: Json, type: string) {
  return asArray(getIn(object, "status", "conditions")).map(asObject).find((one) =>
    one.type === type
  );
}
