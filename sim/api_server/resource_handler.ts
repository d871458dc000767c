/**
 * Carrying out requests for resources.
 *
 * @module
 */

import { contentTypeOf, parseAccept } from "./accept.ts";
import { withReviews } from "./admission/webhooks/review_writes.ts";
import { methodNotAllowed, notFound, qualify } from "./api_error.ts";
import type { ApiObject } from "./api_object.ts";
import type { Core, ResourceCall } from "./core.ts";
import { asObject, type JsonObject } from "./json.ts";
import { listPage } from "./read/list.ts";
import { createPresentation, type Presentation } from "./read/present.ts";
import { parseSelection } from "./read/selection.ts";
import { startWatch } from "./read/watch.ts";
import { respondText } from "./respond.ts";
import { handleSubresource } from "./subresources.ts";
import { createObject } from "./write/create.ts";
import { readObject, toCallObject } from "./write/decode.ts";
import { deleteObject, type DeleteOptions, parseDeleteOptions } from "./write/delete.ts";
import { patchObject } from "./write/patch.ts";
import { getObject, updateObject } from "./write/update.ts";

/** Kinds whose deletion answers with the object, not with a `Status`. */
const returnedWhenDeleted = new Set([
  "pods",
  "services",
  "serviceaccounts",
  "resourcequotas",
  "limitranges",
]);

/** Carries out a request. @throws {ApiError} For everything that is refused. */
export function handleResource(core: Core, call: ResourceCall): Promise<Response> {
  return withReviews(core, call, (one) => carryOut(core, one));
}

async function carryOut(core: Core, call: ResourceCall): Promise<Response> {
  const accepted = parseAccept(call.request.headers.get("Accept"));
  const show = createPresentation(core, call, accepted);
  const answer = (text: string, status = 200) =>
    respondText(text, { status, contentType: contentTypeOf(accepted), warnings: call.warnings });
  const special = await handleSubresource(core, call);
  if (special) return answer(JSON.stringify(special.body), special.status);
  switch (call.info.verb) {
    case "get":
      return answer(show.one(getObject(core, call)));
    case "list":
      return answer(show.page(listPage(core, call)));
    case "watch":
      return startWatch(core, call, show);
    case "create": {
      if (call.info.name !== "") throw methodNotAllowed();
      const body = toCallObject(call, await readObject(call));
      return answer(show.one(createObject(core, call, body)), 201);
    }
    case "update":
      return answerUpdate(core, call, show, answer);
    case "patch": {
      const { object, created } = await patchObject(core, call);
      return answer(show.one(object), created ? 201 : 200);
    }
    case "delete":
      return answer(await deleteOne(core, call, show));
    case "deletecollection":
      return answer(await deleteMany(core, call, show));
  }
}

async function answerUpdate(
  core: Core,
  call: ResourceCall,
  show: Presentation,
  answer: (text: string, status?: number) => Response,
): Promise<Response> {
  const { definition, namespace, info } = call;
  const body = toCallObject(call, await readObject(call));
  const exists = core.store.get(definition.storageKey, namespace, info.name) !== undefined;
  if (!exists && definition.createsOnUpdate && info.subresource === "") {
    if (body.metadata.uid || body.metadata.resourceVersion) throw notFound(definition, info.name);
    return answer(show.one(createObject(core, call, body)), 201);
  }
  return answer(show.one(updateObject(core, call, body)));
}

async function readDeleteOptions(call: ResourceCall): Promise<DeleteOptions> {
  const text = await call.request.text();
  const body = text.trim() === "" ? {} : asObject(JSON.parse(text));
  return parseDeleteOptions(body, call.info.query);
}

async function deleteOne(core: Core, call: ResourceCall, show: Presentation): Promise<string> {
  const options = await readDeleteOptions(call);
  const { object, gone } = deleteObject(core, call, getObject(core, call), options);
  const whole = !gone || returnedWhenDeleted.has(qualify(call.definition));
  return whole ? show.one(object) : JSON.stringify(toSuccess(call, object));
}

function toSuccess({ definition }: ResourceCall, { metadata }: ApiObject): JsonObject {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: metadata.name,
      ...(definition.group ? { group: definition.group } : {}),
      kind: definition.plural,
      uid: metadata.uid,
    },
  };
}

async function deleteMany(core: Core, call: ResourceCall, show: Presentation): Promise<string> {
  const options = await readDeleteOptions(call);
  const { matches } = parseSelection(call);
  const deleted = core.store.list(call.definition.storageKey).filter(matches).map((object) =>
    deleteObject(core, call, object, options).object
  );
  return show.page({
    items: deleted,
    resourceVersion: String(core.store.revision),
    continueToken: undefined,
    remainingItemCount: undefined,
  });
}
