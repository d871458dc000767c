/**
 * Access reviews: questions about what a user may do.
 *
 * @module
 */

import { badRequest, methodNotAllowed } from "../api_error.ts";
import type { Core } from "../core.ts";
import { asArray, asObject, asString, type JsonObject } from "../json.ts";
import type { AccessQuestion, ResourceRequest } from "../request_info.ts";
import { respondJson } from "../respond.ts";
import { parseBody } from "../write/decode.ts";
import { isAllowed } from "./authorize.ts";
import { nodeNameOf } from "./node_authorizer.ts";
import { rulesFor } from "./rbac.ts";
import { mastersGroup, type User } from "./user.ts";

const groups = new Set(["authorization.k8s.io", "authentication.k8s.io"]);

/** Whether a request is a question instead of a write. */
export function isReview(info: ResourceRequest): boolean {
  return groups.has(info.group);
}

/** Answers a review. @throws {ApiError} 400, or 405 for anything but creating one. */
export async function handleReview(
  core: Core,
  user: User,
  info: ResourceRequest,
  request: Request,
): Promise<Response> {
  if (info.verb !== "create") throw methodNotAllowed();
  const body = asObject(parseBody(request.headers.get("Content-Type"), await request.text()));
  return respondJson({
    ...body,
    metadata: asObject(body.metadata),
    status: answer(core, user, info, body),
  }, {
    status: 201,
  });
}

function answer(core: Core, user: User, info: ResourceRequest, body: JsonObject): JsonObject {
  const spec = asObject(body.spec);
  switch (info.plural) {
    case "selfsubjectaccessreviews":
      return { allowed: isAllowed(core, user, toQuestion(spec)) };
    case "subjectaccessreviews": {
      const subject = {
        name: asString(spec.user) ?? "",
        groups: asArray(spec.groups).filter((one) => typeof one === "string"),
      };
      return { allowed: isAllowed(core, subject, toQuestion(spec)) };
    }
    case "selfsubjectrulesreviews":
      return toRules(core, user, asString(spec.namespace) ?? "");
    case "selfsubjectreviews":
      return { userInfo: { username: user.name, groups: user.groups } };
    default:
      throw badRequest(`${info.plural} are not answered by this server`);
  }
}

function toRules({ store }: Core, user: User, namespace: string): JsonObject {
  const everything = {
    verbs: ["*"],
    apiGroups: ["*"],
    resources: ["*"],
    resourceNames: [],
    nonResourceURLs: ["*"],
  };
  const rules = user.groups.includes(mastersGroup)
    ? [everything]
    : rulesFor(store, user, namespace);
  return {
    incomplete: nodeNameOf(user) !== undefined,
    resourceRules: rules.filter(({ resources }) => resources.length > 0).map(
      ({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames.length > 0 ? { resourceNames } : {}),
      }),
    ),
    nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs.length > 0).map(
      ({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }),
    ),
  };
}

function toQuestion(spec: JsonObject): AccessQuestion {
  const query = new URLSearchParams();
  if (spec.nonResourceAttributes) {
    const { path, verb } = asObject(spec.nonResourceAttributes);
    return { kind: "path", verb: asString(verb) ?? "", path: asString(path) ?? "", query };
  }
  const asked = asObject(spec.resourceAttributes);
  return {
    kind: "resource",
    verb: asString(asked.verb) ?? "",
    group: asString(asked.group) ?? "",
    version: asString(asked.version) ?? "",
    plural: asString(asked.resource) ?? "",
    namespace: asString(asked.namespace) ?? "",
    name: asString(asked.name) ?? "",
    subresource: asString(asked.subresource) ?? "",
    query,
  };
}
