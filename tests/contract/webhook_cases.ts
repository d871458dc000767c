/**
 * Validating webhooks: when they are asked, what they are told, and what their answers do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, asString, getIn, type JsonObject } from "../../sim/api_server/json.ts";
import type { ContractCase, ContractCluster, ContractResponse } from "./cluster.ts";
import { assertRefused, eventually, makeNamespace, send } from "./steps.ts";
import { configuration, installWebhook, toReview, webhooksPath } from "./webhook_steps.ts";
import { defineWidgets, makeWidget, widgetBody } from "./widget.ts";

const allow = () => ({ allowed: true });

/** Lets time pass until a request is answered. */
async function answered(
  cluster: ContractCluster,
  request: Promise<ContractResponse>,
): Promise<ContractResponse> {
  let response: ContractResponse | undefined;
  const settled = request.then((value) => void (response = value));
  const found = await eventually(cluster, "an answer", () => response);
  await settled;
  return found;
}

/** A request without what is made up. */
function toFacts(request: JsonObject | undefined): JsonObject {
  const { operation, name, kind, resource, subResource, dryRun } = asObject(request);
  return { operation, name, kind, resource, subResource, dryRun };
}

/** See the module. */
export const webhookCases: readonly ContractCase[] = [
  {
    name: "a webhook refuses in its own words, and its warnings are told",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const status = {
        code: 422,
        reason: "Invalid",
        message: "spec.size: too small",
        details: {
          name: "a",
          group: kind.group,
          kind: "Widget",
          causes: [{ reason: "FieldValueInvalid", message: "too small", field: "spec.size" }],
        },
      };
      await using hook = await installWebhook(cluster, kind, () => ({
        allowed: false,
        status,
        warnings: ["this was close", 'and "quoted"'],
      }));
      const answer = await cluster.request("POST", kind.path, { body: widgetBody(kind, "a") });
      const denied = `admission webhook "${hook.name}" denied the request: spec.size: too small`;
      assertRefused(answer, 422, "Invalid", denied);
      assert.deepEqual(getIn(answer.body, "details"), status.details);
      assert.deepEqual(answer.warnings, [`299 - "this was close"`, `299 - "and \\"quoted\\""`]);
      assert.equal((await cluster.request("GET", `${kind.path}/a`)).status, 404);
    },
  },
  {
    name: "a refusal without a status is a 400 without explanation",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, () => ({ allowed: false }));
      const answer = await cluster.request("POST", kind.path, { body: widgetBody(kind, "a") });
      assert.equal(answer.status, 400);
      const denied = `admission webhook "${hook.name}" denied the request without explanation`;
      assert.equal(getIn(answer.body, "message"), denied);
    },
  },
  {
    name: "a webhook that allows may warn, each warning once",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using _hook = await installWebhook(cluster, kind, () => ({
        allowed: true,
        warnings: ["mind the gap", "mind the gap"],
      }));
      const answer = await cluster.request("POST", kind.path, { body: widgetBody(kind, "a") });
      assert.equal(answer.status, 201);
      assert.deepEqual(answer.warnings, [`299 - "mind the gap"`]);
    },
  },
  {
    name: "a webhook is told who does what to which object",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, allow);
      const made = await makeWidget(cluster, kind, "a", { count: 1 });
      await send(cluster, "PATCH", `${kind.path}/a`, { body: { spec: { count: 2 } } });
      await send(cluster, "PATCH", `${kind.path}/a`, {
        body: { spec: { count: 3 } },
        query: { dryRun: "All" },
      });
      await send(cluster, "DELETE", `${kind.path}/a`);
      const facts = {
        name: "a",
        kind: { group: kind.group, version: "v1", kind: "Widget" },
        resource: { group: kind.group, version: "v1", resource: "widgets" },
        subResource: undefined,
        dryRun: false,
      };
      assert.deepEqual(hook.asked.map(toFacts), [
        { ...facts, operation: "CREATE" },
        { ...facts, operation: "UPDATE" },
        { ...facts, operation: "UPDATE", dryRun: true },
        { ...facts, operation: "DELETE" },
      ]);
      const [creation, update, , deletion] = hook.asked;
      assert.equal(getIn(creation, "object", "metadata", "uid"), getIn(made, "metadata", "uid"));
      assert.equal(getIn(creation, "object", "metadata", "resourceVersion"), undefined);
      assert.equal(getIn(creation, "object", "spec", "count"), 1);
      assert.equal(getIn(creation, "oldObject"), null);
      assert.equal(getIn(update, "object", "spec", "count"), 2);
      assert.equal(getIn(update, "oldObject", "spec", "count"), 1);
      assert.equal(getIn(deletion, "object"), null);
      assert.equal(getIn(deletion, "oldObject", "spec", "count"), 2);
      assert.deepEqual(getIn(deletion, "requestKind"), facts.kind);
      assert.deepEqual(getIn(deletion, "requestResource"), facts.resource);
      assert.notEqual(asString(getIn(creation, "userInfo", "username")) ?? "", "");
      assert.ok(asArray(getIn(creation, "userInfo", "groups")).includes("system:masters"));
    },
  },
  {
    name: "a name that the server makes up is the name that the webhook was shown",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, allow);
      const body = asObject(widgetBody(kind, ""));
      const made = await send(cluster, "POST", kind.path, {
        body: { ...body, metadata: { generateName: "made-" } },
      });
      const [creation] = hook.asked;
      assert.match(asString(getIn(made, "metadata", "name")) ?? "", /^made-.{5}$/);
      assert.equal(getIn(creation, "name"), getIn(made, "metadata", "name"));
      assert.equal(getIn(creation, "object", "metadata", "name"), getIn(made, "metadata", "name"));
      assert.equal(getIn(creation, "object", "metadata", "uid"), getIn(made, "metadata", "uid"));
    },
  },
  {
    name: "schema and rules come first: a webhook does not see what they refuse",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, () => ({ allowed: false }));
      const answer = await cluster.request("POST", kind.path, {
        body: widgetBody(kind, "a", { min: 5, max: 2 }),
      });
      assertRefused(answer, 422, "Invalid", /min must not exceed max/);
      assert.deepEqual(hook.asked, []);
    },
  },
  {
    name: "applying asks as creation and as update, and a refused apply changes nothing",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, (request) => ({
        allowed: getIn(request, "object", "spec", "count") !== 9,
      }));
      const apply = (count: number) =>
        cluster.request("PATCH", `${kind.path}/a`, {
          body: widgetBody(kind, "a", { count }),
          query: { fieldManager: "case" },
          contentType: "application/apply-patch+yaml",
        });
      assert.equal((await apply(1)).status, 201);
      assert.equal((await apply(2)).status, 200);
      assert.equal((await apply(9)).status, 400);
      const left = await send(cluster, "GET", `${kind.path}/a`);
      assert.equal(getIn(left, "spec", "count"), 2);
      assert.deepEqual(hook.asked.map((one) => one.operation), ["CREATE", "UPDATE", "UPDATE"]);
    },
  },
  {
    name: "subresources are asked about only where rules name them",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const rule = {
        apiGroups: [kind.group],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
      };
      await using hook = await installWebhook(cluster, kind, allow, {
        rules: [{ ...rule, resources: ["widgets"] }],
      });
      await using both = await installWebhook(cluster, kind, allow, {
        rules: [{ ...rule, resources: ["widgets", "widgets/*"], scope: "Cluster" }],
      });
      await makeWidget(cluster, kind, "a");
      const body = { status: { phase: "Good" } };
      await send(cluster, "PATCH", `${kind.path}/a/status`, { body });
      await send(cluster, "DELETE", `${kind.path}/a`);
      assert.deepEqual(hook.asked.map(toFacts).map(({ subResource }) => subResource), [undefined]);
      assert.deepEqual(
        both.asked.map(toFacts).map(({ operation, subResource }) => [
          operation,
          subResource,
        ]),
        [["CREATE", undefined], ["UPDATE", "status"]],
      );
    },
  },
  {
    name: "a scope of namespaced objects leaves others alone",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using probe = await installWebhook(cluster, kind, allow);
      const rule = { apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] };
      const name = cluster.unique("hook");
      const refusing = await cluster.serveWebhook(() => Response.json({}));
      await send(cluster, "POST", webhooksPath, {
        body: configuration(kind, name, {
          clientConfig: { ...refusing.clientConfig },
          rules: [{ ...rule, apiGroups: [kind.group], scope: "Namespaced" }],
        }),
      });
      await makeWidget(cluster, kind, "a");
      assert.equal(probe.asked.length, 1);
      await send(cluster, "DELETE", `${webhooksPath}/${name}`);
      await refusing[Symbol.asyncDispose]();
    },
  },
  {
    name: "objects are selected by labels they have or had",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const probing = { key: "watched", operator: "NotIn", values: ["no"] };
      await using hook = await installWebhook(cluster, kind, allow, {
        objectSelector: { matchExpressions: [probing] },
      });
      const body = asObject(widgetBody(kind, "a"));
      await send(cluster, "POST", kind.path, {
        body: { ...body, metadata: { name: "a", labels: { watched: "no" } } },
      });
      const label = (watched: string) => ({ body: { metadata: { labels: { watched } } } });
      await send(cluster, "PATCH", `${kind.path}/a`, label("yes"));
      await send(cluster, "PATCH", `${kind.path}/a`, label("no"));
      await send(cluster, "PATCH", `${kind.path}/a`, { body: { spec: { count: 7 } } });
      assert.equal(hook.asked.length, 2);
    },
  },
  {
    name: "objects are selected by the labels of their namespace",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const [one, other] = [await makeNamespace(cluster), await makeNamespace(cluster)];
      await send(cluster, "PATCH", `/api/v1/namespaces/${one}`, {
        body: { metadata: { labels: { team: one } } },
      });
      await using hook = await installWebhook(cluster, kind, allow, {
        rules: [
          { apiGroups: [kind.group], apiVersions: ["*"], operations: ["*"], resources: ["*"] },
          { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["secrets"] },
        ],
        namespaceSelector: { matchLabels: { team: one } },
      });
      for (const namespace of [one, other]) {
        await send(cluster, "POST", `/api/v1/namespaces/${namespace}/secrets`, {
          body: { metadata: { name: "a" } },
        });
      }
      assert.deepEqual(hook.asked.map(({ namespace }) => namespace), [one]);
    },
  },
  {
    name: "conditions decide whether a webhook is asked",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      await using hook = await installWebhook(cluster, kind, () => ({ allowed: false }), {
        matchConditions: [
          {
            name: "spec-changes",
            expression: "request.operation == 'CREATE' || object.spec != oldObject.spec",
          },
          { name: "kept", expression: "!has(object.metadata.deletionTimestamp)" },
          { name: "other", expression: "object.metadata.name != 'free'" },
        ],
        rules: [{
          apiGroups: [kind.group],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          resources: ["widgets"],
        }],
      });
      await makeWidget(cluster, kind, "free");
      assert.deepEqual(hook.asked, []);
      const answer = await cluster.request("POST", kind.path, { body: widgetBody(kind, "a") });
      assert.equal(answer.status, 400);
      assert.equal(hook.asked.length, 1);
    },
  },
  {
    name: "a webhook that cannot be asked refuses everything, or nothing, as it says",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const failing = () => new Response("broken inside\n", { status: 500 });
      const create = (name: string) =>
        cluster.request("POST", kind.path, { body: widgetBody(kind, name) });
      {
        await using hook = await installWebhook(cluster, kind, failing);
        const text =
          `^Internal error occurred: failed calling webhook "${hook.name}": .*broken inside`;
        assertRefused(await create("a"), 500, "InternalError", new RegExp(text));
      }
      {
        await using hook = await installWebhook(cluster, kind, failing, {
          failurePolicy: "Ignore",
        });
        assert.equal((await create("b")).status, 201);
        assert.equal(hook.asked.length, 1);
      }
      {
        await using _hook = await installWebhook(
          cluster,
          kind,
          (request) => toReview({ uid: `not ${request.uid}` }, { allowed: true }),
        );
        assertRefused(await create("c"), 500, "InternalError", /expected response\.uid=/);
      }
    },
  },
  {
    name: "a webhook that does not answer in time has not answered",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const never = Promise.withResolvers<JsonObject>();
      await using _hook = await installWebhook(cluster, kind, () => never.promise, {
        timeoutSeconds: 1,
      });
      const request = cluster.request("POST", kind.path, { body: widgetBody(kind, "a") });
      assertRefused(
        await answered(cluster, request),
        500,
        "InternalError",
        /failed calling webhook .*\?timeout=1s": context deadline exceeded/,
      );
      never.resolve({ allowed: true });
    },
  },
  {
    name: "a write that another one overtakes is judged again",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      let overtaken = false;
      await using hook = await installWebhook(cluster, kind, async (request) => {
        if (getIn(request, "object", "spec", "max") === 9 && !overtaken) {
          overtaken = true;
          await send(cluster, "PATCH", `${kind.path}/a`, { body: { spec: { min: 1 } } });
        }
        return { allowed: true };
      });
      await makeWidget(cluster, kind, "a");
      const changed = await send(cluster, "PATCH", `${kind.path}/a`, {
        body: { spec: { max: 9 } },
      });
      assert.equal(getIn(changed, "spec", "max"), 9);
      assert.equal(getIn(changed, "spec", "min"), 1);
      const last = hook.asked.at(-1);
      assert.equal(getIn(last, "object", "spec", "min"), 1);
      assert.equal(getIn(last, "oldObject", "spec", "min"), 1);
    },
  },
  {
    name: "a configuration is completed, and held to its rules",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const name = cluster.unique("hook");
      const service = { name: "nobody", namespace: "default", path: "/validate" };
      const made = await send(cluster, "POST", webhooksPath, {
        body: configuration(kind, name, { clientConfig: { service } }),
        query: { dryRun: "All" },
      });
      const [webhook] = asArray(getIn(made, "webhooks")).map(asObject);
      assert.deepEqual(webhook, {
        name: `${name}.example.com`,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        clientConfig: { service: { ...service, port: 443 } },
        failurePolicy: "Fail",
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
        rules: [{
          apiGroups: [kind.group],
          apiVersions: ["v1"],
          operations: ["*"],
          resources: ["widgets"],
          scope: "*",
        }],
      });
      const broken = await cluster.request("POST", webhooksPath, {
        body: configuration(kind, name, {
          clientConfig: { service },
          timeoutSeconds: 31,
          sideEffects: "Some",
        }),
      });
      assertRefused(broken, 422, "Invalid", /timeoutSeconds: Invalid value: 31: the timeout value/);
      assertRefused(broken, 422, "Invalid", /sideEffects: Unsupported value: "Some"/);
    },
  },
  {
    name: "no webhook is asked about webhooks",
    async run(cluster) {
      const kind = await defineWidgets(cluster);
      const rule = { apiVersions: ["*"], operations: ["*"], resources: ["*"] };
      await using hook = await installWebhook(cluster, kind, allow, {
        rules: [
          { ...rule, apiGroups: [kind.group] },
          { ...rule, apiGroups: ["admissionregistration.k8s.io"] },
        ],
      });
      const name = cluster.unique("hook");
      const service = { name: "nobody", namespace: "default" };
      await send(cluster, "POST", webhooksPath, {
        body: configuration(kind, name, { clientConfig: { service }, rules: [] }),
      });
      await send(cluster, "DELETE", `${webhooksPath}/${name}`);
      assert.deepEqual(hook.asked, []);
    },
  },
];
