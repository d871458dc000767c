/**
 * A webhook for the cases: it answers as the case says, and remembers what it was asked.
 *
 * @module
 */

import {
  asObject,
  asString,
  getIn,
  type Json,
  type JsonObject,
} from "../../sim/api_server/json.ts";
import type { ContractCluster } from "./cluster.ts";
import { eventually, send } from "./steps.ts";
import { widgetBody, type WidgetKind } from "./widget.ts";

/** Where webhooks are declared. */
export const webhooksPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

/** The `response` of a review, without its uid. */
export type Answer = (
  request: JsonObject,
) => JsonObject | Response | Promise<JsonObject | Response>;

/** A webhook that is asked about Widgets of one group. */
export interface InstalledWebhook extends AsyncDisposable {
  readonly name: string;
  /** What it was asked since the case began, in order. */
  readonly asked: readonly JsonObject[];
}

/** The name of the Widget that is only tried out, to see whether the webhook is in force. */
const probe = "probe";

/** Installs a webhook, and waits until it is asked. */
export async function installWebhook(
  cluster: ContractCluster,
  kind: WidgetKind,
  answer: Answer,
  change: JsonObject = {},
): Promise<InstalledWebhook> {
  const name = cluster.unique("hook");
  const asked: JsonObject[] = [];
  let isInForce = false;
  const server = await cluster.serveWebhook(async (review) => {
    const request = asObject(getIn(await review.json() as Json, "request"));
    if (asString(request.name) === probe) {
      isInForce = true;
      return toReview(request, { allowed: true });
    }
    asked.push(request);
    const said = await answer(request);
    return said instanceof Response ? said : toReview(request, said);
  });
  const body = configuration(kind, name, { clientConfig: { ...server.clientConfig }, ...change });
  await send(cluster, "POST", webhooksPath, { body });
  await eventually(cluster, "the webhook is in force", async () => {
    await cluster.request("POST", kind.path, {
      body: widgetBody(kind, probe),
      query: { dryRun: "All" },
    });
    return isInForce ? true : undefined;
  });
  return {
    name: `${name}.example.com`,
    asked,
    async [Symbol.asyncDispose]() {
      await send(cluster, "DELETE", `${webhooksPath}/${name}`);
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A configuration with one webhook. */
export function configuration(kind: WidgetKind, name: string, change: JsonObject): Json {
  return {
    metadata: { name },
    webhooks: [{
      name: `${name}.example.com`,
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      rules: [{
        apiGroups: [kind.group],
        apiVersions: ["v1"],
        operations: ["*"],
        resources: ["widgets"],
      }],
      ...change,
    }],
  };
}

/** An AdmissionReview that answers a request. */
export function toReview(request: JsonObject, response: JsonObject): Response {
  return Response.json({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid: request.uid, ...response },
  });
}
