/**
 * What each operation of the simulated RunPod's REST v2 does.
 *
 * @module
 */

import type { Account } from "./account.ts";
import type { ApiDeps } from "./api_deps.ts";
import { Refusal } from "./errors.ts";
import type { RestOperation } from "./faults.ts";
import { type Pod, stateAt } from "./pod.ts";
import { getGpuType, listDataCenters, listGpuTypes } from "./rest_catalog.ts";
import { toPage } from "./rest_pages.ts";
import { actionsOf, type Json, renderPod } from "./rest_render.ts";
import { readAction, readCreate } from "./rest_requests.ts";

/** A routed request. */
export interface RestCall {
  readonly operation: RestOperation;
  /** From the path; empty where it has none. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** Parsed; `undefined` for what is no JSON. */
  readonly body: unknown;
  readonly account: Account;
}

/** What a request is answered with. */
export type RestResult = readonly [status: number, body?: Json];

/** Carries a request out. @throws {Refusal | UnfitBody} As the vendor does. */
export function operate(call: RestCall, deps: ApiDeps): RestResult {
  const { operation, id, query, body, account } = call;
  const behaviour = deps.behaviour();
  const now = deps.clock.now();
  const render = (pod: Pod) => renderPod(pod, now, behaviour);
  switch (operation) {
    case "listPods": {
      // Workers of serverless endpoints are no pods here.
      const pods = account.fleet.listed().filter(({ order }) => order.endpointId === undefined);
      const page = toPage(pods, query.get("cursor"), behaviour);
      return [200, { ...page, pods: page.pods.map(render) }];
    }
    case "createPod": {
      const pod = account.create(readCreate(body, behaviour.injectedEnv));
      const status = behaviour.inventedState ?? behaviour.createStatus;
      return [201, { ...render(pod), status }];
    }
    case "getPod": {
      const pod = account.fleet.find(id);
      if (pod === undefined) throw new Refusal("notFound");
      return [200, render(pod)];
    }
    case "deletePod":
      account.terminate(id);
      return [204];
    case "podAction":
      return act(call, deps, render);
    case "listGpuTypes":
      return [200, listGpuTypes(query, { market: deps.market, behaviour })];
    case "getGpuType":
      return [200, getGpuType(id, query, { market: deps.market, behaviour })];
    case "listDataCenters":
      return [200, listDataCenters(query, { market: deps.market, behaviour })];
  }
}

function act(
  { id, body, account }: RestCall,
  deps: ApiDeps,
  render: (pod: Pod) => Json,
): RestResult {
  const action = readAction(body);
  const pod = account.fleet.find(id);
  if (pod === undefined) throw new Refusal("notFound");
  if (!actionsOf[stateAt(pod, deps.clock.now())].includes(action)) throw new Refusal("conflict");
  switch (action) {
    case "terminate":
      account.terminate(id);
      return [204];
    case "start":
    case "stop":
    case "restart":
      return [200, render(account[action](id))];
  }
}
